#include "providers/aws/ec2.hpp"
#include "providers/aws/resource/lookups.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

class Lookups : public AwsStackTest {
protected:
    EmulatedStack stack_{aws()};
};

TEST_F(Lookups, AreAnsweredWhilePlanning) {
    const auto program = [](Stack& stack) {
        const auto zones = aws::lookup<ec2::AvailabilityZones>(stack, {}).names();
        const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
        ec2::Subnet{stack,
                    "subnet",
                    {.availability_zone = zones.map([](const std::vector<std::string>& names) { return names.back(); }),
                     .cidr_block = "10.0.1.0/24",
                     .vpc_id = vpc.id()}};
        stack.output("account", aws::lookup<sts::CallerIdentity>(stack, {}).account());
    };
    const auto before = stack_.preview(program);
    EXPECT_EQ(before.error_text(), "");
    const auto result = stack_.up(program);

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(stack_.state().find("subnet")->properties().find("AvailabilityZone")->text_or("").substr(0, 12), "ca-central-1");
    EXPECT_EQ(result.outcome.outputs.at("account").text_or(""), "123456789012");
    expect_settled(stack_, program);
}

TEST_F(Lookups, AreAskedInTheRegionOfTheInstanceThatTheyName) {
    const auto program = [](Stack& stack) {
        const auto ireland = stack.provider({.name = "aws.ireland",
                                             .kind = "aws",
                                             .config = {{"region", "eu-west-1"}},
                                             .default_tags = {},
                                             .ignore_tags = {},
                                             .declared_at = {}});
        const auto first = [](const std::vector<std::string>& names) { return names.front(); };
        stack.output("home", aws::lookup<ec2::AvailabilityZones>(stack, {}).names().map(first));
        stack.output("abroad", aws::lookup<ec2::AvailabilityZones>(stack, {}, {.provider = ireland}).names().map(first));
    };
    const auto result = stack_.up(program);

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.outcome.outputs.at("home").text_or(""), "ca-central-1a");
    EXPECT_EQ(result.outcome.outputs.at("abroad").text_or(""), "eu-west-1a");
    expect_settled(stack_, program);
}

TEST_F(Lookups, ThatFindNothingAreAnError) {
    const auto result = stack_.up([](Stack& stack) {
        ec2::Vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
        stack.output("image", aws::lookup<ec2::Image>(stack, {.owners = {"999999999999"}}).id());
    });

    ASSERT_EQ(result.errors.size(), 1U) << result.error_text();
    EXPECT_EQ(aws().changes(), Lines{}) << "nothing is made";
}

}  // namespace
}  // namespace strata::aws
