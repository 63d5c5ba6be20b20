#include "tests/providers/aws/protocol/calls.hpp"

namespace strata::aws {
namespace {

TEST(Serialize, NumbersListsForEc2WithoutAWrapper) {
    const auto params = json(R"({"GroupIds": ["sg-1", "sg-2"], "Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]})");
    const auto request = serialized("ec2", "DescribeSecurityGroups", params);

    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.path, "/");
    EXPECT_EQ(header(request, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(request.body,
              "Action=DescribeSecurityGroups&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&GroupId.1=sg-1&GroupId.2=sg-2");
}

TEST(Serialize, NumbersListsForQueryInsideMember) {
    const auto params = json(R"({"RoleName": "etl", "Tags": [{"Key": "a", "Value": "1 + 1"}]})");

    EXPECT_EQ(serialized("iam", "TagRole", params).body,
              "Action=TagRole&Version=2010-05-08&RoleName=etl&Tags.member.1.Key=a&Tags.member.1.Value=1%20%2B%201");
}

TEST(Serialize, WritesMapsAndEmptyListsForQuery) {
    const auto params = json(R"({"Name": "alerts", "Attributes": {"KmsMasterKeyId": "alias/aws/sns"}, "Tags": []})");

    EXPECT_EQ(serialized("sns", "CreateTopic", params).body,
              "Action=CreateTopic&Version=2010-03-31&Attributes.entry.1.key=KmsMasterKeyId&Attributes.entry.1.value=alias%2Faws%2Fsns"
              "&Name=alerts&Tags=");
}

TEST(Serialize, NamesTheTargetForJson) {
    const auto request = serialized("glue", "GetJob", json(R"({"JobName": "nightly"})"));

    EXPECT_EQ(header(request, "X-Amz-Target"), "AWSGlue.GetJob");
    EXPECT_EQ(header(request, "Content-Type"), "application/x-amz-json-1.1");
    EXPECT_EQ(header(request, "x-amzn-query-mode"), "(absent)");
    EXPECT_EQ(request.body, R"({"JobName":"nightly"})");
}

TEST(Serialize, AsksSqsForTheErrorCodesOfItsQueryDays) {
    const auto request = serialized("sqs", "GetQueueUrl", json(R"({"QueueName": "q"})"));

    EXPECT_EQ(header(request, "Content-Type"), "application/x-amz-json-1.0");
    EXPECT_EQ(header(request, "x-amzn-query-mode"), "true");
}

TEST(Serialize, SendsAnEmptyObjectWhereJsonHasNothingToSay) { EXPECT_EQ(serialized("kms", "ListKeys", Value{}).body, "{}"); }

TEST(Serialize, WritesBlobsAndTimesForJson) {
    const auto params = Value::map({{"KeyId", "k"}, {"Plaintext", Bytes{std::string{"\x00\xFF", 2}}}});

    EXPECT_EQ(serialized("kms", "Encrypt", params).body, R"({"KeyId":"k","Plaintext":"AP8="})");
    EXPECT_EQ(serialized("cloudwatch", "GetMetricData",
                         json(R"({"MetricDataQueries": [], "StartTime": "2026-11-21T00:00:00Z", "EndTime": 1795219200.5})"))
                  .body,
              R"({"EndTime":1795219200.5,"MetricDataQueries":[],"StartTime":1795219200})");
}

TEST(Serialize, SendsSecretsInTheClear) {
    const auto params = Value::map({{"Name", "db"}, {"SecretString", Value::secret(Value{"hunter2"})}, {"ClientRequestToken", "t"}});

    EXPECT_EQ(serialized("secretsmanager", "CreateSecret", params).body,
              R"({"ClientRequestToken":"t","Name":"db","SecretString":"hunter2"})");
}

TEST(Serialize, FillsInIdempotencyTokensThatAreAbsent) {
    EXPECT_EQ(serialized("secretsmanager", "CreateSecret", json(R"({"Name": "db"})")).body,
              R"({"ClientRequestToken":"token","Name":"db"})");
    EXPECT_EQ(serialized("secretsmanager", "CreateSecret", json(R"({"Name": "db", "ClientRequestToken": "mine"})")).body,
              R"({"ClientRequestToken":"mine","Name":"db"})");
}

TEST(Serialize, KeepsS3KeysByteForByte) {
    const auto path = [](std::string_view key) {
        return serialized("s3", "GetObject", Value::map({{"Bucket", "lake"}, {"Key", key}})).path;
    };

    EXPECT_EQ(path("a/b.txt"), "/lake/a/b.txt");
    EXPECT_EQ(path("//a//b/"), "/lake///a//b/");
    EXPECT_EQ(path("../a/./b"), "/lake/../a/./b");
    EXPECT_EQ(path("a b+c&d=e?f#g%2Fh"), "/lake/a%20b%2Bc%26d%3De%3Ff%23g%252Fh");
    EXPECT_EQ(path("\xC3\xA9~*'()!"), "/lake/%C3%A9~%2A%27%28%29%21");
}

TEST(Serialize, JoinsConstantAndGivenQueryParameters) {
    const auto request = serialized("s3", "ListObjectsV2", json(R"({"Bucket": "lake", "Prefix": "a b/", "MaxKeys": 5})"));

    EXPECT_EQ(request.path, "/lake");
    EXPECT_EQ(request.query, "list-type=2&max-keys=5&prefix=a%20b%2F");
}

TEST(Serialize, NamesXmlRootAndNamespaceAsS3Wants) {
    const auto request =
        serialized("s3", "PutBucketVersioning", json(R"({"Bucket": "lake", "VersioningConfiguration": {"Status": "Enabled"}})"));

    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.path, "/lake");
    EXPECT_EQ(request.query, "versioning");
    EXPECT_EQ(header(request, "Content-Type"), "application/xml");
    EXPECT_EQ(
        request.body,
        R"(<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>)");
}

TEST(Serialize, FlattensS3ListsAndEscapesTheirText) {
    const auto request =
        serialized("s3", "PutBucketLifecycleConfiguration", json(R"({"Bucket": "lake", "LifecycleConfiguration": {"Rules": [
        {"ID": "a<b>&\"c\"", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}, {"Status": "Disabled"}]}})"));

    EXPECT_EQ(request.body,
              R"(<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><Expiration><Days>30</Days></Expiration>)"
              R"(<Filter><Prefix></Prefix></Filter><ID>a&lt;b&gt;&amp;&quot;c&quot;</ID><Status>Enabled</Status></Rule>)"
              R"(<Rule><Status>Disabled</Status></Rule></LifecycleConfiguration>)");
}

TEST(Serialize, WritesXmlAttributes) {
    const auto request = serialized("s3", "PutBucketAcl", json(R"({"Bucket": "b", "AccessControlPolicy": {"Grants": [
        {"Grantee": {"Type": "CanonicalUser", "ID": "1"}, "Permission": "READ"}]}})"));

    EXPECT_EQ(request.body,
              R"(<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><AccessControlList><Grant>)"
              R"(<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>1</ID></Grantee>)"
              R"(<Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>)");
}

TEST(Serialize, SendsMetadataAsPrefixedHeaders) {
    const auto request =
        serialized("s3", "PutObject", json(R"({"Bucket": "b", "Key": "k", "Body": "x", "Metadata": {"a_b": "1"}, "Tagging": "t=1"})"));

    EXPECT_EQ(header(request, "x-amz-meta-a_b"), "1");
    EXPECT_EQ(header(request, "x-amz-tagging"), "t=1");
    EXPECT_EQ(header(request, "Content-Type"), "(absent)");
    EXPECT_EQ(request.body, "x");
}

TEST(Serialize, LeavesAnAssetOnDisk) {
    const auto params = Value::map({{"Bucket", "b"}, {"Key", "k"}, {"Body", Asset{.path = "/tmp/jar", .sha256 = "00", .size = 5}}});
    const auto request = serialized("s3", "PutObject", params);

    EXPECT_EQ(request.body_file, "/tmp/jar");
    EXPECT_EQ(request.body, "");
}

TEST(Serialize, JoinsListsInHeaders) {
    const auto request =
        serialized("s3", "GetObjectAttributes", json(R"({"Bucket": "b", "Key": "k", "ObjectAttributes": ["ETag", "ObjectSize"]})"));

    EXPECT_EQ(header(request, "x-amz-object-attributes"), "ETag,ObjectSize");
}

}  // namespace
}  // namespace strata::aws
