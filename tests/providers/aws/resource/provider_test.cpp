#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "providers/aws/resource/check.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/naming.hpp"
#include "providers/aws/resource/steps.hpp"
#include "providers/aws/resource/types.hpp"

namespace strata::aws {

namespace {

const ProviderIdentity dev{
    .account = "123456789012", .region = "ca-central-1", .partition = "aws", .principal = "arn:aws:sts::123456789012:x"};

const ResourceType& type(std::string_view name) { return *find_resource_type(name); }

std::vector<std::string> mistakes(std::string_view name, const ValueMap& properties) {
    std::vector<std::string> out;
    check_properties(type(name), properties,
                     [&](std::string_view path, std::string message, std::string) { out.push_back(std::string{path} + ": " + message); });
    return out;
}

std::string shown(const std::vector<PlannedCall>& calls) {
    std::string out;
    for (const auto& call : calls) out += std::string{call.use->operation} + " ";
    return out;
}

TEST(GeneratedName, IsAddressAndSuffixInTheCharactersOfTheType) {
    EXPECT_EQ(make_name(detail_of(type("aws.s3.Bucket")).name, type("aws.s3.Bucket"), {}, "lake/Bronze_Zone", "0a1b2c3d"),
              "lake-bronze-zone-0a1b2c3d");
}

TEST(GeneratedName, EndsAsTheServiceWantsForSuchProperties) {
    const auto name = [](const ValueMap& properties) {
        return make_name(detail_of(type("aws.sqs.Queue")).name, type("aws.sqs.Queue"), properties, "work", "0a1b2c3d");
    };
    EXPECT_EQ(name({}), "work-0a1b2c3d");
    EXPECT_EQ(name({{"FifoQueue", true}}), "work-0a1b2c3d.fifo");
}

TEST(GeneratedName, IsCutToTheModelsLength) {
    const auto name = make_name(detail_of(type("aws.s3.Bucket")).name, type("aws.s3.Bucket"), {}, std::string(80, 'a'), "0a1b2c3d");

    EXPECT_EQ(name, std::string(54, 'a') + "-0a1b2c3d");
}

TEST(PlannedOutputs, HoldTheArnOfANamedThing) {
    const ValueMap role{{"RoleName", Value{"reader"}}, {"Path", Value{"/data/"}}};

    EXPECT_EQ(id_before(type("aws.iam.Role"), role, dev), "reader");
    EXPECT_EQ(outputs_before(type("aws.iam.Role"), role, dev).find("Arn")->text_or(""), "arn:aws:iam::123456789012:role/data/reader");
}

TEST(PlannedOutputs, LeaveOutWhatNeedsAnAccountThatIsNotKnown) {
    const ProviderIdentity nobody{.account = {}, .region = "ca-central-1", .partition = {}, .principal = {}};
    const ValueMap role{{"RoleName", Value{"reader"}}};
    const ValueMap issuer{{"Url", Value{"https://token.example.com"}}};

    EXPECT_EQ(id_before(type("aws.iam.Role"), role, nobody), "reader");
    EXPECT_FALSE(outputs_before(type("aws.iam.Role"), role, nobody).contains("Arn"));
    EXPECT_EQ(id_before(type("aws.iam.OidcProvider"), issuer, nobody), "");
}

TEST(PlannedOutputs, HoldNothingWhereOnlyTheServiceKnows) {
    const ValueMap vpc{{"CidrBlock", Value{"10.0.0.0/16"}}};

    EXPECT_EQ(id_before(type("aws.ec2.Vpc"), vpc, dev), "");
    EXPECT_FALSE(outputs_before(type("aws.ec2.Vpc"), vpc, dev).contains("Arn"));
}

TEST(Check, ReportsEveryMistakeAtOnce) {
    EXPECT_EQ(mistakes("aws.iam.Role",
                       {{"AssumeRolePolicyDocument", Value{"{nope"}}, {"MaxSessionDuration", Value{10}}, {"RoleName", Value{"a b"}}})
                  .size(),
              3U);
}

TEST(Check, LetsUnknownValuesPass) {
    EXPECT_EQ(mistakes("aws.iam.Role", {{"AssumeRolePolicyDocument", Value::unknown("policy.document")}}), std::vector<std::string>{});
}

TEST(Check, NamesWhatIsMissing) {
    EXPECT_EQ(mistakes("aws.ec2.Subnet", {{"CidrBlock", Value{"10.0.0.0/24"}}}), std::vector<std::string>{": \"vpc_id\" is missing."});
}

TEST(Check, RefusesWhatIsNoAddressRange) {
    EXPECT_EQ(mistakes("aws.ec2.Vpc", {{"CidrBlock", Value{"10.0.0.0/33"}}}),
              std::vector<std::string>{"CidrBlock: \"10.0.0.0/33\" is no address range."});
}

TEST(Check, RefusesAnUnknownEnumValueAndSuggestsTheNearest) {
    std::string remedy;
    check_properties(type("aws.ec2.Vpc"), {{"CidrBlock", Value{"10.0.0.0/16"}}, {"InstanceTenancy", Value{"dedicatd"}}},
                     [&](std::string_view, std::string, std::string found) { remedy = std::move(found); });
    EXPECT_EQ(remedy, "Did you mean \"dedicated\"?");
}

TEST(Check, NeverShowsASecret) {
    const auto found =
        mistakes("aws.ssm.Parameter",
                 {{"Name", Value{"/a"}}, {"Type", Value{"SecureString"}}, {"Value", Value::secret(Value{std::string(9000, 'x')})}});
    for (const auto& line : found) EXPECT_EQ(line.find("xxx"), std::string::npos);
}

TEST(Check, RefusesASecretName) {
    const std::string words = ": A secret cannot be a name: whoever sees the thing, or a list of such, would see it.";
    EXPECT_EQ(mistakes("aws.sqs.Queue", {{"QueueName", Value::secret("hidden")}}), std::vector<std::string>{"QueueName" + words});
    EXPECT_EQ(mistakes("aws.s3.Object", {{"Bucket", "b-1"}, {"Key", Value::secret("hidden")}, {"Body", Bytes{"x"}}}),
              std::vector<std::string>{"Key" + words});
}

TEST(PlannedCalls, OfACreateAreFollowedByUpdatesForWhatItDoesNotTake) {
    const Step step{.type = &type("aws.ec2.Vpc"),
                    .address = "vpc",
                    .desired = {{"CidrBlock", Value{"10.0.0.0/16"}}, {"EnableDnsHostnames", Value{true}}}};

    EXPECT_EQ(shown(plan_calls(step)), "CreateVpc ModifyVpcAttribute ");
}

TEST(PlannedCalls, OfASetSendAllNewItemsTogether) {
    const auto rule = [](int port) {
        return Value::map(
            {{"IpProtocol", Value{"tcp"}}, {"FromPort", Value{port}}, {"ToPort", Value{port}}, {"CidrIpv4", Value{"10.0.0.0/8"}}});
    };
    const Step step{.action = StepAction::update,
                    .type = &type("aws.ec2.SecurityGroup"),
                    .facet = 1,
                    .address = "group",
                    .id = "sg-1",
                    .desired = {{"Ingress", Value::list({rule(443), rule(80), rule(22)})}},
                    .previous = {{"Ingress", Value::list({rule(443), rule(8080)})}}};

    const auto calls = plan_calls(step);

    EXPECT_EQ(shown(calls), "RevokeSecurityGroupIngress AuthorizeSecurityGroupIngress ");
    EXPECT_EQ(calls[1].items.list()->size(), 2U);
}

TEST(PlannedCalls, LeaveForeignTagsAlone) {
    const Step step{.action = StepAction::update,
                    .type = &type("aws.ec2.Vpc"),
                    .address = "vpc",
                    .id = "vpc-1",
                    .desired = {{"Tags", Value::map({{"mine", Value{"new"}}, {"gone", Value{}}})}},
                    .changed = {"Tags"},
                    .previous = {{"Tags", Value::map({{"mine", Value{"old"}}, {"gone", Value{"x"}}, {"theirs", Value{"y"}}})}}};

    const auto calls = plan_calls(step);

    ASSERT_EQ(shown(calls), "DeleteTags CreateTags ");
    EXPECT_EQ(to_json(Value{calls[0].tags}), R"({"gone":null})");
    EXPECT_EQ(to_json(Value{calls[1].tags}), R"({"mine":"new"})");
}

TEST(Expressions, LeaveOutWhatHasNoValue) {
    const Expression missing{.kind = Expression::Kind::property, .text = "Nope"};
    const NamedExpression members[] = {{"A", missing}};
    const Expression map{.kind = Expression::Kind::map, .members = members};

    EXPECT_FALSE(evaluate(map, {}).has_value());
}

}  // namespace

}  // namespace strata::aws
