#include "providers/aws/ec2.hpp"
#include "tests/providers/aws/deploy/fixture.hpp"

namespace strata::aws {
namespace {

class SecurityGroupRules : public AwsStackTest {
protected:
    static TestStack::Program group(bool ingress, bool egress) {
        return [ingress, egress](Stack& stack) {
            const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
            ec2::SecurityGroupArgs args{.description = "test", .group_name = "web", .vpc_id = vpc.id()};
            if (ingress) args.ingress = none;
            if (egress) args.egress = none;
            ec2::SecurityGroup{stack, "web", args};
        };
    }
    static std::size_t rules(std::string_view direction) {
        const auto answer = call("ec2", "DescribeSecurityGroups",
                                 {{"Filters", Value::list({Value::map({{"Name", "group-name"}, {"Values", Value::list({"web"})}})})}});
        const auto* list = answer.find("SecurityGroups")->list()->front().find(direction);
        return list != nullptr && list->list() != nullptr ? list->list()->size() : 0;
    }
    EmulatedStack stack_{aws()};
};

TEST_F(SecurityGroupRules, CostANewGroupNothingWhereItShallHaveNone) {
    const auto result = stack_.up(group(true, false));
    ASSERT_TRUE(result.ok()) << result.error_text();

    EXPECT_EQ(aws().changes(), (Lines{"ec2 CreateVpc", "ec2 CreateSecurityGroup"}));
    EXPECT_EQ(result.outcome.done, 2U);
    EXPECT_EQ(rules("IpPermissionsEgress"), 1U) << "the service's own stays";
    expect_settled(stack_, group(true, false));
}

TEST_F(SecurityGroupRules, OfTheServiceGoWhereANewGroupShallHaveNone) {
    const auto result = stack_.up(group(true, true));
    ASSERT_TRUE(result.ok()) << result.error_text();

    EXPECT_EQ(aws().changes(), (Lines{"ec2 CreateVpc", "ec2 CreateSecurityGroup", "ec2 RevokeSecurityGroupEgress"}));
    EXPECT_EQ(rules("IpPermissionsEgress"), 0U);
    expect_settled(stack_, group(true, true));
}

TEST_F(SecurityGroupRules, OfOthersAreDriftWhereTheGroupShallHaveNone) {
    ASSERT_TRUE(stack_.up(group(true, false)).ok());
    const auto id = stack_.state().find("web")->id;
    call("ec2", "AuthorizeSecurityGroupIngress",
         {{"GroupId", id}, {"IpProtocol", "tcp"}, {"FromPort", 22}, {"ToPort", 22}, {"CidrIp", "0.0.0.0/0"}});

    EXPECT_TRUE(stack_.preview(group(true, false)).plan.counts().drifted == 1);
    ASSERT_TRUE(stack_.up(group(true, false)).ok());
    EXPECT_EQ(rules("IpPermissions"), 0U);
}

}  // namespace
}  // namespace strata::aws
