#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class QueueTest : public TypeTest {
protected:
    /// As the engine makes it: tagged with whose it is.
    Thing owned(std::string_view name) {
        return make(
            "aws.sqs.Queue",
            {{"QueueName", Value{name}}, {"Tags", Value::map({{"strata:address", Value{name}}, {"strata:stack", Value{"test.local"}}})}},
            std::string{name});
    }

    static Step creation(const Thing& queue) {
        return {.action = StepAction::create,
                .type = queue.type,
                .address = queue.address,
                .stack = "test.local",
                .id = {},
                .desired = queue.properties,
                .changed = {},
                .previous = {},
                .properties = queue.properties,
                .outputs = {},
                .token = "0123456789abcdef0123456789abcdef"};
    }
};

TEST_F(QueueTest, IsStandardWithoutSayingSo) {
    const auto queue = make("aws.sqs.Queue", {{"QueueName", Value{"events"}}, {"FifoQueue", Value{false}}, {"DelaySeconds", Value{5}}});
    EXPECT_EQ(differences(queue), no_difference);
    EXPECT_EQ(*queue.outputs.find("Name"), Value{"events"});
    EXPECT_EQ(*queue.outputs.find("Arn"), Value{"arn:aws:sqs:ca-central-1:123456789012:events"});
    EXPECT_EQ(*queue.outputs.find("QueueUrl"), Value{queue.id});
}

TEST_F(QueueTest, KnowsItsArnBeforeItExists) {
    const auto* type = find_resource_type("aws.sqs.Queue");
    EXPECT_EQ(*aws().provider().planned_outputs(*type, {{"QueueName", Value{"events"}}}).find("Arn"),
              Value{"arn:aws:sqs:ca-central-1:123456789012:events"});
}

TEST_F(QueueTest, IsFoundAgainByItsName) {
    const auto queue = owned("events");
    const auto found = aws().provider().find_orphan(creation(queue));
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, std::optional{queue.id});
}

TEST_F(QueueTest, OfSomebodyElseIsNotFound) {
    auto queue = owned("events");
    queue.address = "other";
    auto found = aws().provider().find_orphan(creation(queue));
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, std::nullopt);

    queue.properties.set("QueueName", Value{"never-made"});
    found = aws().provider().find_orphan(creation(queue));
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, std::nullopt);
}

TEST_F(QueueTest, IsReadInOneCallAndItsTagsWithThoseOfOthers) {
    const std::vector<Thing> queues = {make("aws.sqs.Queue", {{"QueueName", Value{"one"}}}),
                                       make("aws.sqs.Queue", {{"QueueName", Value{"two"}}})};
    auto calls = calls_to_read(queues);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"resourcegroupstaggingapi GetResources", "sqs GetQueueAttributes", "sqs GetQueueAttributes"}));
}

TEST_F(QueueTest, SaysThatAPeriodOfReuseNeedsAKey) {
    EXPECT_EQ(mistakes("aws.sqs.Queue", {{"KmsDataKeyReusePeriodSeconds", Value{600}}}),
              (Names{"KmsDataKeyReusePeriodSeconds: Only a queue with a key of KMS has it."}));
}

TEST_F(QueueTest, SaysWhatIsOutOfRangeOrForFifoOnly) {
    const ValueMap wanted{{"ContentBasedDeduplication", Value{true}}, {"DelaySeconds", Value{901}},
                          {"KmsMasterKeyId", Value{"alias/lake"}},    {"QueueName", Value{"events.fifo"}},
                          {"SqsManagedSseEnabled", Value{true}},      {"VisibilityTimeout", Value{-1}}};
    EXPECT_EQ(mistakes("aws.sqs.Queue", wanted),
              (Names{"DelaySeconds: 901 is out of range.", "VisibilityTimeout: -1 is out of range.",
                     "QueueName: A queue's name ends in .fifo if, and only if, it is a FIFO queue.",
                     "ContentBasedDeduplication: Only a FIFO queue has it.",
                     "SqsManagedSseEnabled: A queue is encrypted with a key of KMS or with one of SQS."}));
}

}  // namespace

}  // namespace strata::aws
