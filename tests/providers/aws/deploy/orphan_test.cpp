#include "engine/model/operation_token.hpp"
#include "providers/aws/ec2.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/resource/types.hpp"
#include "providers/aws/sqs.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

void everything(Stack& stack) {
    ec2::Vpc{stack, "network", {.cidr_block = "10.0.0.0/16"}};
    sqs::Queue{stack, "queue", {.queue_name = "work"}};
    iam::Policy{stack,
                "policy",
                {.policy_document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})",
                 .policy_name = "work"}};
}

/// An emulator whose answers to these creates are lost on the way.
class LostAnswers : public testing::Test {
protected:
    EmulatedAws aws_{
        {"--fault", "ec2:CreateVpc#1=drop-after", "--fault", "sqs:CreateQueue#1=drop-after", "--fault", "iam:CreatePolicy#1=drop-after"}};
};

TEST_F(LostAnswers, LeaveThingsThatTheNextRunFindsByTagOrName) {
    ASSERT_TRUE(aws_.running()) << aws_.why();
    EmulatedStack stack{aws_};
    const auto first = stack.up(everything);
    EXPECT_FALSE(first.outcome.ok()) << "at least one of them cannot be told apart from a failure";
    (void)aws_.changes();

    const auto second = stack.up(everything);
    ASSERT_TRUE(second.ok()) << second.error_text();
    EXPECT_EQ(aws_.changes(), Lines{}) << "all of them are there";
    EXPECT_EQ(stack.state().resources.size(), 3U);
    EXPECT_TRUE(stack.state().open.empty());
}

/// An emulator that shows what is new as late as AWS does.
class ThingsThatDoNotShowYet : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(aws_.running()) << aws_.why(); }

    EmulatedAws aws_{{"--fault", "sqs:CreateQueue=notfound-for:1.5"}};
    const Step create_{
        .action = StepAction::create,
        .type = find_resource_type("aws.sqs.Queue"),
        .address = "queue",
        .stack = "test.dev",
        .desired = {{"QueueName", Value{"work"}}, {"Tags", Value::map({{"strata:address", "queue"}, {"strata:stack", "test.dev"}})}},
        .properties = {{"QueueName", Value{"work"}}},
        .token = operation_token(real_clock().now())};
};

TEST_F(ThingsThatDoNotShowYet, AreLookedForAgain) {
    ASSERT_TRUE(aws_.provider().begin(create_));

    EXPECT_EQ(*aws_.provider().find_orphan(create_), std::nullopt);
    EXPECT_TRUE(aws_.patient_provider(Milliseconds{10'000})->find_orphan(create_)->has_value());
}

TEST_F(ThingsThatDoNotShowYet, AreLookedForAgainWhereTheirCallMayHaveComeLate) {
    auto throttled = create_;
    throttled.token = operation_token(real_clock().now() - std::chrono::seconds{30});
    ASSERT_TRUE(aws_.provider().begin(throttled));

    EXPECT_TRUE(aws_.patient_provider(Milliseconds{5'000})->find_orphan(throttled)->has_value());
}

TEST_F(ThingsThatDoNotShowYet, AreNotTakenForDeleted) {
    const auto made = aws_.provider().begin(create_);
    ASSERT_TRUE(made) << made.error().text();
    const std::vector<ReadItem> queue{{.type = create_.type,
                                       .address = "queue",
                                       .id = made->id,
                                       .properties = create_.properties,
                                       .token = create_.token,
                                       .facets = {true}}};

    EXPECT_TRUE(std::holds_alternative<Absent>(aws_.provider().read(queue, ReadDepth::direct).front()));
    EXPECT_TRUE(std::holds_alternative<Live>(aws_.patient_provider(Milliseconds{10'000})->read(queue, ReadDepth::direct).front()));
}

TEST_F(ThingsThatDoNotShowYet, AreGivenUpWhenTheyAreOldEnoughToShow) {
    auto old = create_;
    old.token = operation_token(real_clock().now() - std::chrono::minutes{20});

    EXPECT_EQ(*aws_.patient_provider(Milliseconds{10'000})->find_orphan(old), std::nullopt);
}

}  // namespace
}  // namespace strata::aws
