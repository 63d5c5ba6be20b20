#include <fmt/format.h>

#include "tests/providers/aws/protocol/calls.hpp"

namespace strata::aws {
namespace {

wire::Response ok(std::string body) { return wire::Response{.status = 200, .body = std::move(body)}; }

Error not_understood(std::string_view service, std::string_view operation, wire::Response response) {
    const Called called{service, operation};
    auto value = parse(*called.service, *called.operation, response);
    EXPECT_FALSE(value.ok());
    return value.ok() ? Error{} : std::move(value).error();
}

TEST(Parse, ReadsEc2WithItsListsAndTimes) {
    EXPECT_EQ(
        parsed("ec2", "DescribeNatGateways", ok(R"(<?xml version="1.0" encoding="UTF-8"?>
<DescribeNatGatewaysResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>r</requestId>
  <natGatewaySet><item><natGatewayId>nat-1</natGatewayId><createTime>2026-11-21T03:40:55.000Z</createTime>
    <natGatewayAddressSet><item><isPrimary>true</isPrimary></item></natGatewayAddressSet><tagSet/></item></natGatewaySet>
</DescribeNatGatewaysResponse>)")),
        R"({"NatGateways":[{"CreateTime":"2026-11-21T03:40:55Z","NatGatewayAddresses":[{"IsPrimary":true}],"NatGatewayId":"nat-1","Tags":[]}]})");
}

TEST(Parse, ReadsQueryInsideItsWrapper) {
    EXPECT_EQ(parsed("sts", "GetCallerIdentity", ok(R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:root</Arn><Account>123456789012</Account></GetCallerIdentityResult>
  <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>)")),
              R"({"Account":"123456789012","Arn":"arn:aws:iam::123456789012:root"})");
}

TEST(Parse, ReadsJsonAndLeavesOutWhatTheModelDoesNotKnow) {
    EXPECT_EQ(parsed("dynamodb", "DescribeTable", ok(R"({"Table": {"TableName": "t", "CreationDateTime": 1795219200.5, "ItemCount": 3.0,
                 "DeletionProtectionEnabled": null, "BrandNew": {"x": 1}}})")),
              R"({"Table":{"CreationDateTime":"2026-11-21T00:00:00.500Z","ItemCount":3,"TableName":"t"}})");
}

TEST(Parse, ReadsBlobsAsBytes) {
    const Called called{"kms", "Encrypt"};
    const auto value = parse(*called.service, *called.operation, ok(R"({"CiphertextBlob": "AP8="})"));

    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->find("CiphertextBlob")->bytes()->data, std::string("\x00\xFF", 2));
}

TEST(Parse, ReadsHeadersAndStreamOfAnObject) {
    const Called called{"s3", "GetObject"};
    wire::Response response = ok(std::string{"a\0b", 3});
    response.headers = {
        {"Content-Length", "3"}, {"ETag", "\"x\""}, {"x-amz-meta-Team", "data"}, {"Last-Modified", "Sat, 21 Nov 2026 03:40:55 GMT"}};
    const auto value = parse(*called.service, *called.operation, response);

    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->find("Body")->bytes()->data, std::string("a\0b", 3));
    EXPECT_EQ(value->find("ContentLength")->integer_or(0), 3);
    EXPECT_EQ(value->find("ETag")->text_or(""), "\"x\"");
    EXPECT_EQ(value->find("LastModified")->text_or(""), "2026-11-21T03:40:55Z");
    EXPECT_EQ(to_json(*value->find("Metadata")), R"({"Team":"data"})");
}

TEST(Parse, ReadsTheBucketsRegionFromTheRootItself) {
    constexpr auto space = R"(xmlns="http://s3.amazonaws.com/doc/2006-03-01/")";
    EXPECT_EQ(parsed("s3", "GetBucketLocation", ok(fmt::format("<LocationConstraint {}>ca-central-1</LocationConstraint>", space))),
              R"({"LocationConstraint":"ca-central-1"})");
    EXPECT_EQ(parsed("s3", "GetBucketLocation", ok(fmt::format("<LocationConstraint {}/>", space))), "{}");
}

TEST(Parse, ReadsAPolicyThatIsTheWholeBody) {
    EXPECT_EQ(parsed("s3", "GetBucketPolicy", ok(R"({"Version": "2012-10-17"})")), R"({"Policy":"{\"Version\": \"2012-10-17\"}"})");
}

TEST(Parse, ReadsFlattenedListsOfS3) {
    EXPECT_EQ(parsed("s3", "ListObjectsV2",
                     ok("<ListBucketResult><Contents><Key>a&amp;b</Key><Size>5</Size></Contents><KeyCount>2</KeyCount>"
                        "<Contents><Key> c </Key></Contents><IsTruncated>false</IsTruncated></ListBucketResult>")),
              R"({"Contents":[{"Key":"a&b","Size":5},{"Key":" c "}],"IsTruncated":false,"KeyCount":2})");
}

TEST(Parse, TakesEmptyAnswersWhereNothingIsExpected) {
    EXPECT_EQ(parsed("s3", "PutBucketVersioning", ok("")), "{}");
    EXPECT_EQ(parsed("kms", "EnableKey", ok("")), "{}");
    EXPECT_EQ(parsed("ec2", "DeleteVpc", ok("<DeleteVpcResponse><return>true</return></DeleteVpcResponse>")), "{}");
}

TEST(Parse, TellsAPageOfSomethingElseFromAnAnswer) {
    const auto page = ok("<html><body>Welcome to the hotel</body></html>");
    for (const auto& [service, operation] :
         {std::pair{"ec2", "DescribeVpcs"}, {"iam", "GetRole"}, {"glue", "GetJob"}, {"s3", "ListBuckets"}}) {
        const auto error = not_understood(service, operation, page);
        EXPECT_EQ(error.kind, ErrorKind::protocol) << service;
        EXPECT_TRUE(error.cause.starts_with(std::string{service} + " " + operation + ": status 200, ")) << error.cause;
    }
}

TEST(Parse, ReportsTruncatedAnswers) {
    EXPECT_EQ(not_understood("ec2", "DescribeVpcs", ok("<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1")).kind, ErrorKind::protocol);
    EXPECT_EQ(not_understood("iam", "GetRole", ok("<GetRoleResponse></GetRoleResponse>")).cause,
              "iam GetRole: status 200, there is no <GetRoleResult> in it");
    EXPECT_EQ(not_understood("glue", "GetJob", ok(R"({"Job": {"Name": )")).kind, ErrorKind::protocol);
    EXPECT_EQ(not_understood("glue", "GetJob", ok("[]")).cause, "glue GetJob: status 200, the body is list");
}

TEST(Parse, ReportsWhatDoesNotFitTheModel) {
    EXPECT_EQ(not_understood("glue", "GetJob", ok(R"({"Job": {"Name": ["a"]}})")).cause,
              "glue GetJob: status 200, Name (NameString) is list");
    EXPECT_EQ(not_understood("s3", "ListObjectsV2", ok("<ListBucketResult><KeyCount>many</KeyCount></ListBucketResult>")).cause,
              "s3 ListObjectsV2: status 200, <KeyCount> does not hold what a KeyCount is made of");
}

}  // namespace
}  // namespace strata::aws
