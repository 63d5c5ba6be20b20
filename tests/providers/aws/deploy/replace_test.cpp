#include <algorithm>

#include "providers/aws/ec2.hpp"
#include "providers/aws/sqs.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

class Replacing : public AwsStackTest {
protected:
    EmulatedStack stack_{aws()};
};

TEST_F(Replacing, MakesTheNewOneFirstUnderAGeneratedName) {
    const auto queue = [](bool fifo) { return [fifo](Stack& stack) { sqs::Queue{stack, "queue", {.fifo_queue = fifo}}; }; };
    ASSERT_TRUE(stack_.up(queue(false)).ok());
    (void)aws().changes();
    const auto result = stack_.up(queue(true));

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(aws().changes(), (Lines{"sqs CreateQueue", "sqs DeleteQueue"}));
    expect_settled(stack_, queue(true));
}

TEST_F(Replacing, DeletesFirstWhatCannotExistTwiceAndMovesItsUsers) {
    const auto network = [](const char* zone) {
        return [zone](Stack& stack) {
            const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
            const ec2::Subnet subnet{stack, "subnet", {.availability_zone = zone, .cidr_block = "10.0.1.0/24", .vpc_id = vpc.id()}};
            ec2::RouteTable{stack, "routes", {.associations = {subnet.id()}, .vpc_id = vpc.id()}};
        };
    };
    ASSERT_TRUE(stack_.up(network("ca-central-1a")).ok());
    (void)aws().changes();
    const auto result = stack_.up(network("ca-central-1b"));

    ASSERT_TRUE(result.ok()) << result.error_text();
    const auto changes = aws().changes();
    const auto at = [&](const std::string& call) { return std::ranges::find(changes, call) - changes.begin(); };
    EXPECT_LT(at("ec2 DeleteSubnet"), at("ec2 CreateSubnet"));
    expect_settled(stack_, network("ca-central-1b"));
}

}  // namespace
}  // namespace strata::aws
