#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class TopicTest : public TypeTest {};

TEST_F(TopicTest, SetsWhatTheCreateCallDoesNotTakeOneByOne) {
    const auto role = Value{"arn:aws:iam::123456789012:role/feedback"};
    (void)aws().calls();
    const auto topic = make("aws.sns.Topic", {{"Name", Value{"events"}},
                                              {"DisplayName", Value{"Events"}},
                                              {"SQSFailureFeedbackRoleArn", role},
                                              {"SQSSuccessFeedbackSampleRate", Value{10}}});
    const auto calls = aws().calls();
    EXPECT_EQ(std::ranges::count(calls, "sns CreateTopic"), 1);
    EXPECT_EQ(std::ranges::count(calls, "sns SetTopicAttributes"), 2);
    EXPECT_EQ(differences(topic), no_difference);
}

TEST_F(TopicTest, KnowsItsArnBeforeItExists) {
    const auto* type = find_resource_type("aws.sns.Topic");
    const auto outputs = aws().provider().planned_outputs(*type, {{"Name", Value{"events"}}});
    EXPECT_EQ(*outputs.find("Arn"), Value{"arn:aws:sns:ca-central-1:123456789012:events"});
    EXPECT_EQ(*outputs.find("Id"), Value{"arn:aws:sns:ca-central-1:123456789012:events"});
}

TEST_F(TopicTest, IsReadInOneCallAndItsTagsWithThoseOfOthers) {
    const std::vector<Thing> topics = {make("aws.sns.Topic", {{"Name", Value{"one"}}}), make("aws.sns.Topic", {{"Name", Value{"two"}}})};
    auto calls = calls_to_read(topics);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"resourcegroupstaggingapi GetResources", "sns GetTopicAttributes", "sns GetTopicAttributes"}));
}

TEST_F(TopicTest, GoesBackToItsOwnPolicyWhenTheProgramsIsTakenOff) {
    auto topic = make(
        "aws.sns.Topic",
        {{"Name", Value{"events"}},
         {"Policy",
          Value{R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]})"}}});
    ASSERT_TRUE(life_.update(topic, "Policy", Value{}));

    const ReadItem item{
        .type = topic.type, .address = "thing", .id = topic.id, .properties = {}, .outputs = {}, .facets = {true, true, false}};
    const auto seen = aws().provider().read(std::span{&item, 1}, ReadDepth::direct);
    const auto* live = std::get_if<Live>(&seen.front());
    ASSERT_NE(live, nullptr);
    const auto policy = live->properties.find("Policy");
    ASSERT_NE(policy, nullptr);
    EXPECT_NE(policy->text_or("").find("\"AWS:SourceOwner\":\"123456789012\""), std::string_view::npos) << policy->text_or("");
}

TEST_F(TopicTest, SaysWhatIsOutOfRangeOrForFifoOnly) {
    const ValueMap wanted{{"ContentBasedDeduplication", Value{true}},
                          {"FifoTopic", Value{false}},
                          {"Name", Value{"events.fifo"}},
                          {"SQSSuccessFeedbackSampleRate", Value{101}}};
    EXPECT_EQ(mistakes("aws.sns.Topic", wanted), (Names{"Name: A topic's name ends in .fifo if, and only if, it is a FIFO topic.",
                                                        "ContentBasedDeduplication: Only a FIFO topic has it.",
                                                        "SQSSuccessFeedbackSampleRate: 101 is no share of messages in percent."}));
}

TEST_F(TopicTest, HasNoSubscriptionsOfUnknownProtocols) {
    EXPECT_EQ(mistakes("aws.sns.Subscription", {{"Endpoint", Value{"x"}},
                                                {"Protocol", Value{"pigeon"}},
                                                {"TopicArn", Value{"arn:aws:sns:ca-central-1:123456789012:events"}}}),
              (Names{"Protocol: \"pigeon\" is no protocol of SNS."}));
    EXPECT_EQ(mistakes("aws.sns.Subscription", {{"Endpoint", Value{"x"}},
                                                {"Protocol", Value{"firehose"}},
                                                {"TopicArn", Value{"arn:aws:sns:ca-central-1:123456789012:events"}}}),
              (Names{"SubscriptionRoleArn: A delivery stream is written to with a role."}));
}

}  // namespace

}  // namespace strata::aws
