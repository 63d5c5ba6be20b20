#include "engine/base/text.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

TEST(SnakeCase, WritesWireNamesAsACppProgramDoes) {
    EXPECT_EQ(snake_case("Name"), "name");
    EXPECT_EQ(snake_case("CidrBlock"), "cidr_block");
    EXPECT_EQ(snake_case("DBInstanceIdentifier"), "db_instance_identifier");
    EXPECT_EQ(snake_case("kmsKeyId"), "kms_key_id");
    EXPECT_EQ(snake_case("EnableIAMDatabaseAuthentication"), "enable_iam_database_authentication");
    EXPECT_EQ(snake_case("AssignIpv6AddressOnCreation"), "assign_ipv6_address_on_creation");
    EXPECT_EQ(snake_case("VPCZoneIdentifier"), "vpc_zone_identifier");
    EXPECT_EQ(snake_case("SSEDescription"), "sse_description");
    EXPECT_EQ(snake_case("S3Targets"), "s3_targets");
    EXPECT_EQ(snake_case("--job-language"), "job_language");
}

TEST(Nearest, OffersTheWordThatWasMeant) {
    const std::vector<std::string> settings{"availability_zones", "cidr", "nat_gateways"};

    EXPECT_EQ(nearest("availabilty_zones", settings), "availability_zones");
    EXPECT_EQ(nearest("flow_logs", settings), std::nullopt);
    EXPECT_EQ(nearest(std::string(4'000'000, 'z'), settings), std::nullopt);
    EXPECT_EQ(nearest("zonse", std::vector<std::string>{"nat", "zones"}), "zones");
}

TEST(Glob, StarStandsForAnyRun) {
    EXPECT_TRUE(matches_glob("network/*", "network/vpc"));
    EXPECT_TRUE(matches_glob("*routes", "network/private-a/routes"));
    EXPECT_TRUE(matches_glob("a?c*", "abc"));
    EXPECT_FALSE(matches_glob("network/*", "lake/bronze"));
}

TEST(Indented, MovesEveryLineButKeepsEmptyOnes) { EXPECT_EQ(indented("a\n\nb", 2), "  a\n\n  b"); }

}  // namespace
}  // namespace strata
