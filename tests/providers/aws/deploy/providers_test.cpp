#include "providers/aws/sqs.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

class Regions : public AwsStackTest {
protected:
    static void program(Stack& stack) {
        const auto frankfurt = stack.provider({.name = "aws.frankfurt",
                                               .kind = "aws",
                                               .config = {{"region", "eu-central-1"}},
                                               .default_tags = {{"region", "eu"}},
                                               .ignore_tags = {},
                                               .declared_at = {}});
        const sqs::Queue home{stack, "home", {.queue_name = "work"}};
        sqs::Queue{stack, "abroad", {.queue_name = "work", .tags = {{"sibling", home.arn()}}}, {.provider = frankfurt}};
    }
    EmulatedStack stack_{aws()};
};

TEST_F(Regions, OfOneProgramAreSeveral) {
    const auto result = stack_.up(program);
    ASSERT_TRUE(result.ok()) << result.error_text();
    const auto state = stack_.state();

    EXPECT_EQ(state.find("home")->outputs.find("Arn")->text_or(""), "arn:aws:sqs:ca-central-1:123456789012:work");
    EXPECT_EQ(state.find("abroad")->outputs.find("Arn")->text_or(""), "arn:aws:sqs:eu-central-1:123456789012:work");
    EXPECT_EQ(state.providers.at("aws.frankfurt").region, "eu-central-1");
    expect_settled(stack_, program);
}

TEST_F(Regions, AreDestroyedEachByItsOwnProvider) {
    ASSERT_TRUE(stack_.up(program).ok());
    const auto gone = stack_.up([](Stack& stack) {
        stack.provider({.name = "aws.frankfurt",
                        .kind = "aws",
                        .config = {{"region", "eu-central-1"}},
                        .default_tags = {},
                        .ignore_tags = {},
                        .declared_at = {}});
    });

    ASSERT_TRUE(gone.ok()) << gone.error_text();
    for (const auto* region : {"ca-central-1", "eu-central-1"})
        EXPECT_EQ(call("sqs", "ListQueues", {}, region).find("QueueUrls"), nullptr) << region;
}

}  // namespace
}  // namespace strata::aws
