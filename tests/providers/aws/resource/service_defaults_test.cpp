#include "providers/aws/resource/service_defaults.hpp"

#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "providers/aws/resource/types.hpp"

namespace strata::aws {

namespace {

using Texts = std::vector<std::string>;

const ProviderIdentity china{.account = "123456789012", .region = "cn-north-1", .partition = "aws-cn", .principal = ""};

/// What the service may have put into a property of a thing that nobody set it of, as JSON.
Texts usual(std::string_view type, std::string_view property, const Live& live = {}, const ValueMap& applied = {}) {
    Texts out;
    for (const auto& value : defaults_of_service(*find_resource_type(type), property, live, applied, china)) out.push_back(to_json(value));
    return out;
}

TEST(ServiceDefaults, AreNoneWhereTheFileNamesNone) { EXPECT_EQ(usual("aws.s3.Bucket", "Policy"), Texts{}); }

TEST(ServiceDefaults, MayBeSeveral) {
    EXPECT_EQ(usual("aws.ec2.SecurityGroup", "Egress"),
              (Texts{R"([{"CidrIpv4":"0.0.0.0/0","IpProtocol":"-1"}])",
                     R"([{"CidrIpv4":"0.0.0.0/0","IpProtocol":"-1"},{"CidrIpv6":"::/0","IpProtocol":"-1"}])"}));
}

TEST(ServiceDefaults, NameTheThingAndItsAccount) {
    const auto found = usual("aws.sns.Topic", "Policy", {.id = "arn:aws-cn:sns:cn-north-1:123456789012:alarms"});

    ASSERT_EQ(found.size(), 2U);
    EXPECT_NE(found[0].find(R"(\"Resource\":\"arn:aws-cn:sns:cn-north-1:123456789012:alarms\")"), std::string::npos) << found[0];
    EXPECT_NE(found[0].find(R"(\"AWS:SourceOwner\":\"123456789012\")"), std::string::npos) << found[0];
    EXPECT_NE(usual("aws.kms.Key", "Policy")[0].find("arn:aws-cn:iam::123456789012:root"), std::string::npos);
}

TEST(ServiceDefaults, TakeOverWhatIsLive) {
    EXPECT_EQ(usual("aws.dynamodb.Table", "TimeToLive"), Texts{R"({"Enabled":false})"});
    EXPECT_EQ(usual("aws.dynamodb.Table", "TimeToLive",
                    {.properties = {{"TimeToLive", Value::map({{"AttributeName", "until"}, {"Enabled", true}})}}}),
              Texts{R"({"AttributeName":"until","Enabled":false})"});
}

TEST(ServiceDefaults, HoldWhereALivePropertySaysSo) {
    const auto encrypted = [](const char* key) {
        return usual("aws.sqs.Queue", "SqsManagedSseEnabled", {.properties = {{"KmsMasterKeyId", key}}});
    };
    EXPECT_EQ(usual("aws.sqs.Queue", "SqsManagedSseEnabled"), Texts{});
    EXPECT_EQ(encrypted(""), Texts{});
    EXPECT_EQ(encrypted("alias/aws/sqs"), Texts{"false"});
}

TEST(ServiceDefaults, HoldWhereAnOutputOrStateSaysSo) {
    EXPECT_EQ(usual("aws.kms.Key", "Enabled", {.outputs = {{"KeyState", "Disabled"}}}), Texts{});
    EXPECT_EQ(usual("aws.kms.Key", "Enabled", {.outputs = {{"KeyState", "PendingImport"}}}), Texts{"false"});
    EXPECT_EQ(usual("aws.s3.Bucket", "ObjectLock"), Texts{});
    EXPECT_EQ(usual("aws.s3.Bucket", "ObjectLock", {}, {{"ObjectLockEnabledForBucket", "a hash of true"}}),
              Texts{R"({"ObjectLockEnabled":"Enabled"})"});
}

}  // namespace

}  // namespace strata::aws
