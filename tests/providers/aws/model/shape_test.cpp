#include "providers/aws/model/shape.hpp"

#include <gtest/gtest.h>
#include <array>

namespace strata::aws {
namespace {

constexpr Shape text{.name = "String", .type = ShapeType::string};
constexpr std::array<Member, 3> members = {Member{.name = "Arn", .shape = &text}, Member{.name = "Id", .shape = &text},
                                           Member{.name = "Name", .shape = &text}};
constexpr std::array<Operation, 2> operations = {Operation{.name = "CreateRole"}, Operation{.name = "GetRole"}};

TEST(Shape, FindsItsMembersByName) {
    constexpr Shape role{.name = "Role", .members = members};

    EXPECT_EQ(role.member("Name"), &members[2]);
    EXPECT_EQ(role.member("Arn"), &members[0]);
    EXPECT_EQ(role.member("name"), nullptr);
    EXPECT_EQ(role.member(""), nullptr);
    EXPECT_EQ(text.member("Name"), nullptr);
}

TEST(Service, FindsOperationsItHasAndNoOthers) {
    constexpr Service iam{.name = "iam", .operations = operations};

    EXPECT_EQ(iam.operation("GetRole"), &operations[1]);
    EXPECT_EQ(iam.operation("GetRoles"), nullptr);
    EXPECT_EQ(iam.waiter("RoleExists"), nullptr);
}

TEST(ReadOnly, HoldsForCallsThatOnlyLook) {
    for (const auto* const name : {"DescribeVpcs", "GetRole", "ListBuckets", "HeadBucket", "BatchGetJobs", "FilterLogEvents", "Decrypt"})
        EXPECT_TRUE(is_read_only(Operation{.name = name})) << name;
    for (const auto* const name :
         {"CreateVpc", "PutObject", "TagResource", "BatchDeleteImage", "ReceiveMessage", "GenerateDataKey", "AssumeRole"})
        EXPECT_FALSE(is_read_only(Operation{.name = name})) << name;
}

}  // namespace
}  // namespace strata::aws
