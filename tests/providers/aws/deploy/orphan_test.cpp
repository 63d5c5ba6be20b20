#include "providers/aws/ec2.hpp"
#include "providers/aws/iam.hpp"
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

}  // namespace
}  // namespace strata::aws
