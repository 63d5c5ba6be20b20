#include "providers/aws/client/limits.hpp"

#include <gtest/gtest.h>

#include "providers/aws/model/registry.hpp"

namespace strata::aws {
namespace {

ApiGroup group(std::string_view service, std::string_view operation) {
    const Service shaped{.name = service};
    const Operation named{.name = operation};
    return api_group(shaped, named);
}

TEST(ApiGroup, CountsEachApiOfEc2ByItself) {
    EXPECT_EQ(group("ec2", "DescribeVpcs").name, "ec2:DescribeVpcs");
    EXPECT_EQ(group("ec2", "DescribeVpcs").published, (wire::Rate{100, 20}));
    EXPECT_EQ(group("ec2", "DescribeSubnets").name, "ec2:DescribeSubnets");
    EXPECT_EQ(group("ec2", "CreateVpc").published, (wire::Rate{50, 5}));
    EXPECT_EQ(group("ec2", "CreateTags").published, (wire::Rate{100, 10}));
    EXPECT_EQ(group("ec2", "CreateNatGateway").published, (wire::Rate{10, 1}));
}

TEST(ApiGroup, LetsCallsShareABucketThatAwsLetsThemShare) {
    EXPECT_EQ(group("ec2", "CreateVpcEndpoint").name, group("ec2", "DeleteVpcEndpoints").name);
    EXPECT_EQ(group("ec2", "CreateVpcEndpoint").published, (wire::Rate{4, 0.3}));
    EXPECT_EQ(group("ecs", "DescribeServices").name, group("ecs", "ListServices").name);
    EXPECT_EQ(group("ecs", "RegisterTaskDefinition").published, (wire::Rate{20, 1}));
    EXPECT_EQ(group("lambda", "CreateFunction").name, group("lambda", "ListFunctions").name);
    EXPECT_EQ(group("route53", "ChangeResourceRecordSets").published, (wire::Rate{50, 10}));
}

TEST(ApiGroup, TellsOtherServicesApartByReadingAndChanging) {
    EXPECT_EQ(group("glue", "GetJob").name, "glue:read");
    EXPECT_EQ(group("glue", "BatchGetJobs").name, "glue:read");
    EXPECT_EQ(group("glue", "CreateJob").name, "glue:change");
    EXPECT_EQ(group("glue", "GetJob").published, std::nullopt);
}

TEST(ApiGroup, EveryCompiledOperationHasOne) {
    for (const auto* service : compiled_services())
        for (const auto& operation : service->operations) {
            const auto found = api_group(*service, operation);
            EXPECT_TRUE(found.name.starts_with(std::string{service->name} + ":")) << found.name;
            if (found.published) {
                EXPECT_GT(found.published->per_second, 0) << found.name;
                EXPECT_GE(found.published->capacity, 1) << found.name;
            }
        }
}

}  // namespace
}  // namespace strata::aws
