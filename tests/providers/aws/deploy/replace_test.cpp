#include <algorithm>

#include "providers/aws/ec2.hpp"
#include "providers/aws/iam.hpp"
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

TEST_F(Replacing, DetachesFromRolesAPolicyThatMustGoFirst) {
    const auto identity = [](const char* description) {
        return [description](Stack& stack) {
            const iam::Policy policy{
                stack,
                "policy",
                {.description = description,
                 .policy_document =
                     R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]})",
                 .policy_name = "readers"}};
            iam::Role{
                stack,
                "role",
                {.assume_role_policy_document =
                     R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "glue.amazonaws.com"}}]})",
                 .attached_policies = {policy.arn()},
                 .role_name = "reader"}};
        };
    };
    ASSERT_TRUE(stack_.up(identity("reads")).ok());
    (void)aws().changes();
    const auto result = stack_.up(identity("only reads"));

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(aws().changes(), (Lines{"iam DetachRolePolicy", "iam DeletePolicy", "iam CreatePolicy", "iam AttachRolePolicy"}));
    expect_settled(stack_, identity("only reads"));
}

TEST_F(Replacing, TakesOutOfRulesAGroupThatMustGoFirst) {
    const auto groups = [](const char* description) {
        return [description](Stack& stack) {
            const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
            const ec2::SecurityGroup web{stack, "web", {.description = description, .group_name = "web", .vpc_id = vpc.id()}};
            ec2::SecurityGroup{stack,
                               "database",
                               {.description = "Database.",
                                .group_name = "database",
                                .ingress = {ec2::SecurityGroupRule{
                                    .from_port = 5432, .ip_protocol = "tcp", .referenced_group_id = web.id(), .to_port = 5432}},
                                .vpc_id = vpc.id()}};
        };
    };
    ASSERT_TRUE(stack_.up(groups("Web.")).ok());
    (void)aws().changes();
    const auto result = stack_.up(groups("Web servers."));

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(aws().changes(), (Lines{"ec2 RevokeSecurityGroupIngress", "ec2 DeleteSecurityGroup", "ec2 CreateSecurityGroup",
                                      "ec2 AuthorizeSecurityGroupIngress"}));
    expect_settled(stack_, groups("Web servers."));
}

}  // namespace
}  // namespace strata::aws
