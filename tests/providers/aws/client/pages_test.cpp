#include <mutex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "tests/providers/aws/client/fake_aws.hpp"

namespace strata::aws {
namespace {

TEST(Pages, StandInOneAnswer) {
    std::mutex mutex;
    std::vector<std::string> tokens;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const std::lock_guard lock{mutex};
        tokens.push_back(parameter(request, "NextToken"));
        if (tokens.size() == 1) return vpcs("vpc-1 vpc-2", "second");
        return tokens.size() == 2 ? vpcs("vpc-3", "third") : vpcs("vpc-4");
    }};

    const auto answer = aws.client()->call_all_pages_and_wait(call_of("ec2", "DescribeVpcs", {{"MaxResults", 5}}));

    ASSERT_TRUE(answer) << answer.error().text();
    std::string ids;
    for (const auto& vpc : *answer->find("Vpcs")->list()) ids += fmt::format("{} ", vpc.find("VpcId")->text_or(""));
    EXPECT_EQ(ids, "vpc-1 vpc-2 vpc-3 vpc-4 ");
    EXPECT_EQ(answer->find("NextToken"), nullptr);
    EXPECT_EQ(tokens, (std::vector<std::string>{"", "second", "third"}));
}

TEST(Pages, ThatRepeatTheirTokenEndInAnError) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++asked;
        return vpcs("vpc-1", asked % 2 == 0 ? "a" : "b");
    }};

    const auto answer = aws.client()->call_all_pages_and_wait(call_of("ec2", "DescribeVpcs"));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, "ec2 DescribeVpcs: the same page token came twice.");
    EXPECT_EQ(asked, 3);
}

TEST(Pages, EndWhereTheTokenIsEmpty) {
    const FakeAws aws{[](const wire::SeenRequest&) {
        return wire::plain_answer("<DescribeVpcsResponse><vpcSet/><nextToken></nextToken></DescribeVpcsResponse>");
    }};

    const auto answer = aws.client()->call_all_pages_and_wait(call_of("ec2", "DescribeVpcs"));

    EXPECT_TRUE(answer) << answer.error().text();
}

TEST(Pages, FailWithTheErrorOfThePageThatFailed) {
    std::atomic<int> asked = 0;
    const FakeAws aws{
        [&](const wire::SeenRequest&) { return ++asked == 1 ? vpcs("vpc-1", "next") : ec2_error("UnauthorizedOperation", 403); }};

    const auto answer = aws.client()->call_all_pages_and_wait(call_of("ec2", "DescribeVpcs"));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::access_denied);
}

TEST(Pages, OfAnIamListGoOnWhileItSaysSo) {
    std::mutex mutex;
    std::string markers;
    const FakeAws aws{[&](const wire::SeenRequest& request) {
        const std::lock_guard lock{mutex};
        markers += parameter(request, "Marker") + ";";
        const bool first = parameter(request, "Marker").empty();
        // IAM names a marker even on the last page; IsTruncated decides.
        return wire::plain_answer(fmt::format(
            "<ListRolesResponse><ListRolesResult><IsTruncated>{}</IsTruncated><Roles><member><RoleName>r</RoleName></member></Roles>"
            "<Marker>m{}</Marker></ListRolesResult></ListRolesResponse>",
            first ? "true" : "false", first ? 1 : 2));
    }};

    const auto answer = aws.client()->call_all_pages_and_wait(call_of("iam", "ListRoles"));

    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->find("Roles")->list()->size(), 2U);
    EXPECT_EQ(markers, ";m1;");
}

TEST(Pages, AnOperationWithoutPagesIsCalledOnce) {
    std::atomic<int> asked = 0;
    const FakeAws aws{[&](const wire::SeenRequest&) {
        ++asked;
        return one_vpc();
    }};

    EXPECT_TRUE(aws.client()->call_all_pages_and_wait(call_of("ec2", "CreateVpc", {{"CidrBlock", "10.0.0.0/16"}})));
    EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace strata::aws
