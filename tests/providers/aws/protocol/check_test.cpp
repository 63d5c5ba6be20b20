#include "tests/providers/aws/protocol/calls.hpp"

namespace strata::aws {
namespace {

TEST(Check, ReportsEveryMistakeAtOnce) {
    const auto params =
        json(R"({"Nme": "nightly", "Role": 5, "Command": {"PythonVersion": ["3"], "Nam": "glueetl"}, "Tags": {"team": 1}})");

    EXPECT_EQ(refused("glue", "CreateJob", params),
              "glue CreateJob\n"
              "Command.Nam: JobCommand has no such member. Did you mean \"Name\"?\n"
              "Command.PythonVersion: must be text, is list.\n"
              "Nme: CreateJobRequest has no such member. Did you mean \"Name\"?\n"
              "Role: must be text, is integer.\n"
              "Tags[\"team\"]: must be text, is integer.\n"
              "Name: is required and missing.");
}

TEST(Check, NamesThePlaceInsideLists) {
    const auto params = json(R"({"Filters": [{"Name": "vpc-id", "Values": ["a", 2]}, "text"]})");

    EXPECT_EQ(refused("ec2", "DescribeVpcs", params),
              "ec2 DescribeVpcs\n"
              "Filters[0].Values[1]: must be text, is integer.\n"
              "Filters[1]: must be a map, is text.");
}

TEST(Check, CountsNullAsAbsent) {
    EXPECT_EQ(refused("sqs", "CreateQueue", json(R"({"QueueName": null})")), "sqs CreateQueue\nQueueName: is required and missing.");
    EXPECT_EQ(serialized("sqs", "CreateQueue", json(R"({"QueueName": "q", "tags": null})")).body, R"({"QueueName":"q"})");
}

TEST(Check, RefusesArgumentsThatAreNoMap) {
    EXPECT_EQ(refused("sqs", "CreateQueue", Value{"q"}), "sqs CreateQueue\narguments must be a map, not text.");
}

TEST(Check, RefusesArgumentsOfAnOperationThatTakesNone) {
    const auto no_arguments = Called{"sts", "GetCallerIdentity"};
    const auto request = serialize(*no_arguments.service, *no_arguments.operation, json(R"({"Account": "1"})"), "");

    ASSERT_FALSE(request.ok());
    EXPECT_EQ(request.error().kind, ErrorKind::invalid_program);
    EXPECT_TRUE(serialize(*no_arguments.service, *no_arguments.operation, Value{}, "").ok());
}

TEST(Check, RefusesAnEmptyLabelBecauseItNamesAnotherThing) {
    EXPECT_EQ(refused("s3", "DeleteObject", json(R"({"Bucket": "lake", "Key": ""})")), "s3 DeleteObject\nKey: must not be empty.");
}

TEST(Check, RefusesLineBreaksInHeaders) {
    EXPECT_EQ(refused("s3", "PutObject", json(R"({"Bucket": "b", "Key": "k", "ContentType": "a\r\nX-Evil: 1"})")),
              "s3 PutObject\nContentType: must not hold line breaks.");
    EXPECT_EQ(refused("s3", "PutObject", json(R"({"Bucket": "b", "Key": "k", "Metadata": {"a": "b\nc"}})")),
              "s3 PutObject\nMetadata: must not hold line breaks.");
}

TEST(Check, WantsExactlyOneMemberOfAUnion) {
    const auto with_window = [](std::string_view window) {
        auto params = json(R"({"AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"})");
        params.map()->set("EvaluationWindow", json(window));
        return params;
    };

    EXPECT_EQ(refused("cloudwatch", "PutMetricAlarm", with_window(R"({"SlidingWindow": {}, "WallClockWindow": {}})")),
              "cloudwatch PutMetricAlarm\nEvaluationWindow: takes exactly one member, 2 are set.");
    EXPECT_EQ(refused("cloudwatch", "PutMetricAlarm", with_window("{}")),
              "cloudwatch PutMetricAlarm\nEvaluationWindow: takes exactly one member, 0 are set.");
}

TEST(Check, LeavesEnumsRangesAndPatternsToThoseWhoKnowTheLine) {
    EXPECT_EQ(serialized("ec2", "CreateVpc", json(R"({"CidrBlock": "10.0.0.0/16", "InstanceTenancy": "not-yet-known"})")).body,
              "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16&InstanceTenancy=not-yet-known");
}

TEST(Check, RefusesWhatIsNotKnownYet) {
    const auto params = Value::map({{"QueueName", Value::unknown("network/vpc.id")}});

    EXPECT_EQ(refused("sqs", "CreateQueue", params), "sqs CreateQueue\nQueueName: must be text, is unknown.");
}

TEST(Check, NeverShowsASecretsValue) {
    const auto params = Value::map({{"Name", "db"}, {"SecretString", Value::secret(Value{std::int64_t{424242}})}});

    EXPECT_EQ(refused("secretsmanager", "CreateSecret", params), "secretsmanager CreateSecret\nSecretString: must be text, is integer.");
}

}  // namespace
}  // namespace strata::aws
