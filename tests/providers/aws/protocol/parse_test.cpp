#include <fmt/format.h>

#include "tests/bounded.hpp"
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

/// What a reader says that may take 64 MB.
std::string in_bounds(std::string_view service, std::string_view operation, std::string body) {
    const Called called{service, operation};
    const auto response = ok(std::move(body));
    return bounded([&] {
               const auto value = parse(*called.service, *called.operation, response);
               return value ? std::string{"read"} : value.error().text();
           })
        .said;
}

TEST(ParseHostile, EndsAnAnswerThatUnfoldsWithOneError) {
    EXPECT_EQ(in_bounds("glue", "GetTables", "{\"TableList\":[" + repeated("{},", 2'700'000) + "{}]}"),
              "Answer not understood\n  glue GetTables: status 200, the body: more than 200000 values\n"
              "  Check the endpoint, and any proxy between here and it.");
    EXPECT_EQ(in_bounds("ec2", "DescribeVpcs",
                        "<DescribeVpcsResponse><vpcSet>" + repeated("<a/>", 2'000'000) + "</vpcSet></DescribeVpcsResponse>"),
              "Answer not understood\n  ec2 DescribeVpcs: status 200, its elements take more than 16 MB\n"
              "  Check the endpoint, and any proxy between here and it.");
    EXPECT_EQ(in_bounds("s3", "ListObjectsV2", repeated("<a>", 100'000) + repeated("</a>", 100'000)),
              "Answer not understood\n  s3 ListObjectsV2: status 200, nested deeper than 100 levels\n"
              "  Check the endpoint, and any proxy between here and it.");
    EXPECT_EQ(in_bounds("dynamodb", "GetItem", "{\"Item\":{\"a\":" + repeated("{\"M\":{\"a\":", 100'000)),
              "Answer not understood\n  dynamodb GetItem: status 200, the body: nested deeper than 100 levels\n"
              "  Check the endpoint, and any proxy between here and it.");
}

TEST(ParseHostile, ReadsTheMostThatItTakesWithinTheMemoryOfAReader) {
    std::string entries;
    for (int i = 199'000; i > 0; --i) entries += fmt::format("\"{}\":\"\",", i);
    EXPECT_EQ(in_bounds("sqs", "GetQueueAttributes", "{\"Attributes\":{" + entries + "\"x\":\"\"}}"), "read");

    entries.clear();
    for (int i = 80'000; i > 0; --i) entries += fmt::format("<e><key>{}</key><value>v</value></e>", i);
    EXPECT_EQ(in_bounds("sns", "GetTopicAttributes",
                        "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>" + entries +
                            "</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>"),
              "read");
    EXPECT_EQ(in_bounds("s3", "ListObjectsV2", "<ListBucketResult>" + repeated("<Contents/>", 250'000) + "</ListBucketResult>"), "read");
}

TEST(ParseHostile, ReadsManyHeadersOfOnePrefix) {
    wire::Response response = ok("");
    for (int i = 15'000; i > 0; --i) response.headers.add(fmt::format("x-amz-meta-{}", i), "");
    const Called called{"s3", "HeadObject"};

    EXPECT_EQ(
        bounded([&] { return std::to_string(parse(*called.service, *called.operation, response)->find("Metadata")->map()->size()); }).said,
        "15000");
}

TEST(LongestAnswer, IsEightMegabytesButForContent) {
    EXPECT_EQ(longest_answer(*Called("ec2", "DescribeVpcs").operation), std::size_t{8} << 20U);
    EXPECT_EQ(longest_answer(*Called("s3", "GetObject").operation), std::size_t{64} << 20U);
    EXPECT_EQ(longest_answer(*Called("s3", "GetBucketPolicy").operation), std::size_t{64} << 20U);
}

}  // namespace
}  // namespace strata::aws
