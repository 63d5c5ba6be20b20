#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "providers/aws/resource/types.hpp"
#include "tests/providers/aws/types/emulated_aws.hpp"
#include "tests/providers/aws/types/life.hpp"

// How many requests it takes to look at things, and what a read says of what it may not see.

namespace strata::aws {

namespace {

const char* const trust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"glue.amazonaws.com"},"Action":"sts:AssumeRole"}]})";
const char* const document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]})";

class Reading : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(aws_.running()) << aws_.why(); }

    Thing make(std::string_view type, const std::string& name, const ValueMap& properties) {
        auto made = life_.create(*find_resource_type(type), name, properties);
        EXPECT_TRUE(made) << name << ": " << (made ? "" : made.error().text());
        if (!made) return {};
        things_.push_back(*made);
        return std::move(made).value();
    }

    std::vector<ReadItem> items() const {
        std::vector<ReadItem> out;
        for (const auto& thing : things_) {
            ReadItem item{.type = thing.type,
                          .address = thing.address,
                          .id = thing.id,
                          .properties = thing.properties,
                          .outputs = thing.outputs,
                          .facets = std::vector<bool>(thing.type->facets.size(), false)};
            for (const auto& [name, value] : thing.properties)
                if (const auto* property = thing.type->property(name); property != nullptr && property->facet != 0)
                    item.facets[property->facet] = true;
            out.push_back(std::move(item));
        }
        return out;
    }

    EmulatedAws aws_;
    Life life_{aws_.provider()};
    std::vector<Thing> things_;
};

TEST_F(Reading, OfTenDatasetsTakesAtMostThePromisedRequests) {
    const auto vpc = make("aws.ec2.Vpc", "vpc", {{"CidrBlock", Value{"10.0.0.0/16"}}});
    for (int i = 0; i < 10; ++i) {
        const auto name = fmt::format("set{}", i);
        const auto text = [&](std::string_view suffix) { return Value{fmt::format("{}-{}", name, suffix)}; };
        const auto policy = make("aws.iam.Policy", name + "/policy", {{"PolicyName", text("policy")}, {"PolicyDocument", Value{document}}});
        const auto role = make("aws.iam.Role", name + "/role",
                               {{"RoleName", text("role")},
                                {"AssumeRolePolicyDocument", Value{trust}},
                                {"AttachedPolicies", Value::list({Value{policy.id}})}});
        const auto rule = [](int port) {
            return Value::map(
                {{"IpProtocol", Value{"tcp"}}, {"FromPort", Value{port}}, {"ToPort", Value{port}}, {"CidrIpv4", Value{"10.0.0.0/8"}}});
        };
        make("aws.ec2.SecurityGroup", name + "/group",
             {{"GroupName", text("group")},
              {"Description", Value{"d"}},
              {"VpcId", Value{vpc.id}},
              {"Ingress", Value::list({rule(443), rule(80)})}});
        make("aws.s3.Bucket", name + "/bucket",
             {{"Bucket", text("bucket")},
              {"Versioning", Value::map({{"Status", Value{"Enabled"}}})},
              {"PublicAccessBlock", Value::map({{"BlockPublicAcls", Value{true}}})},
              {"Ownership", Value::map({{"Rules", Value::list({Value::map({{"ObjectOwnership", Value{"BucketOwnerEnforced"}}})})}})},
              {"Policy", Value{R"({"Version":"2012-10-17","Statement":[]})"}}});
        make("aws.dynamodb.Table", name + "/table",
             {{"TableName", text("table")},
              {"BillingMode", Value{"PAY_PER_REQUEST"}},
              {"AttributeDefinitions", Value::list({Value::map({{"AttributeName", Value{"id"}}, {"AttributeType", Value{"S"}}})})},
              {"KeySchema", Value::list({Value::map({{"AttributeName", Value{"id"}}, {"KeyType", Value{"HASH"}}})})}});
        const auto database = make("aws.glue.Database", name + "/database", {{"Name", text("db")}});
        make("aws.glue.Table", name + "/facts", {{"DatabaseName", text("db")}, {"Name", Value{"facts"}}});
        make("aws.glue.Job", name + "/job",
             {{"Name", text("job")},
              {"Role", *role.outputs.find("Arn")},
              {"Command", Value::map({{"Name", Value{"glueetl"}}, {"ScriptLocation", Value{"s3://b/s.py"}}})}});
        make("aws.ecs.TaskDefinition", name + "/task",
             {{"family", text("task")},
              {"containerDefinitions",
               Value::list({Value::map({{"name", Value{"main"}}, {"image", Value{"busybox"}}, {"memory", Value{128}}})})}});
        make("aws.logs.LogGroup", name + "/logs", {{"logGroupName", text("logs")}, {"retentionInDays", Value{7}}});
        const auto queue = make("aws.sqs.Queue", name + "/queue", {{"QueueName", text("queue")}});
        const auto topic = make("aws.sns.Topic", name + "/topic", {{"Name", text("topic")}});
        make("aws.sns.Subscription", name + "/subscription",
             {{"TopicArn", *topic.outputs.find("Arn")}, {"Protocol", Value{"sqs"}}, {"Endpoint", *queue.outputs.find("Arn")}});
        for (const auto* which : {"one", "two"}) {
            make("aws.cloudwatch.Alarm", name + "/alarm-" + which,
                 {{"AlarmName", text(which)},
                  {"ComparisonOperator", Value{"GreaterThanThreshold"}},
                  {"EvaluationPeriods", Value{1}},
                  {"MetricName", Value{"errors"}},
                  {"Namespace", Value{"Strata"}},
                  {"Period", Value{60}},
                  {"Statistic", Value{"Sum"}},
                  {"Threshold", Value{1.0}}});
            make("aws.ssm.Parameter", name + "/parameter-" + which,
                 {{"Name", Value{fmt::format("/{}/{}", name, which)}}, {"Type", Value{"String"}}, {"Value", Value{"v"}}});
        }
    }
    const auto asked = items();
    aws_.calls();

    const auto results = aws_.provider().read(asked, ReadDepth::batched);

    std::map<std::string, int> by_operation;
    const auto calls = aws_.calls();
    for (const auto& call : calls) ++by_operation[call];
    std::string detail;
    for (const auto& [call, count] : by_operation) detail += fmt::format("{} {}\n", count, call);
    RecordProperty("requests", static_cast<int>(calls.size()));
    EXPECT_LE(calls.size(), 165U) << detail;
    EXPECT_GT(calls.size(), 0U);
    std::fputs(fmt::format("{} requests\n{}", calls.size(), detail).c_str(), stdout);
    for (std::size_t i = 0; i < results.size(); ++i) EXPECT_TRUE(std::holds_alternative<Live>(results[i])) << asked[i].address;
}

TEST_F(Reading, OfSomethingThatIsNotThereSaysAbsent) {
    const ReadItem item{.type = find_resource_type("aws.ec2.Vpc"),
                        .address = "vpc",
                        .id = "vpc-00000000",
                        .properties = {},
                        .outputs = {},
                        .facets = {true}};

    const auto result = aws_.provider().read(std::span{&item, 1}, ReadDepth::batched);

    EXPECT_TRUE(std::holds_alternative<Absent>(result.front()));
}

class ReadingWhatIsDenied : public testing::Test {
protected:
    EmulatedAws aws_{{"--fault", "ec2:DescribeVpcs=error:403:UnauthorizedOperation"}};
};

TEST_F(ReadingWhatIsDenied, SaysUnreadableAndNeverAbsent) {
    ASSERT_TRUE(aws_.running()) << aws_.why();
    const ReadItem item{.type = find_resource_type("aws.ec2.Vpc"),
                        .address = "vpc",
                        .id = "vpc-00000000",
                        .properties = {},
                        .outputs = {},
                        .facets = {true}};

    const auto result = aws_.provider().read(std::span{&item, 1}, ReadDepth::batched);

    const auto* unreadable = std::get_if<Unreadable>(&result.front());
    ASSERT_NE(unreadable, nullptr);
    EXPECT_EQ(unreadable->why.kind, ErrorKind::access_denied) << unreadable->why.text();
}

TEST_F(Reading, AsksForEachIdOnce) {
    const auto vpc = make("aws.ec2.Vpc", "vpc", {{"CidrBlock", Value{"10.0.0.0/16"}}});
    const std::vector<ReadItem> twice(2, items().front());
    aws_.calls();

    const auto results = aws_.provider().read(twice, ReadDepth::batched);

    EXPECT_EQ(results.size(), 2U);
    EXPECT_EQ(std::ranges::count(aws_.calls(), std::string{"ec2 DescribeVpcs"}), 1);
}

}  // namespace

}  // namespace strata::aws
