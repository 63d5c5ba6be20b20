#include <gtest/gtest.h>

#include <string>

#include "providers/aws/codegen/types_emit.hpp"
#include "providers/aws/codegen/types_resolve.hpp"

namespace strata::codegen {

namespace {

/// A type file about log groups; tests change one thing in it.
const std::string log_group = R"(type: aws.logs.LogGroup
service: logs
about: A group of log streams.
id: logGroupName
arn: arn:${partition}:logs:${region}:${account}:log-group:${id}
create: CreateLogGroup
exclude: [kmsKeyId, deletionProtectionEnabled]
read_many: {op: DescribeLogGroups, in: {logGroupIdentifiers: $ids}, out: logGroups, key: logGroupName, limit: 50}
delete: DeleteLogGroup
tags:
  create: tags
  add: {op: TagResource, in: {resourceArn: $arn, tags: $tags}}
facets:
  retention_in_days: {put: PutRetentionPolicy, delete: DeleteRetentionPolicy, from: read}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

ResolvedType resolved(const std::string& text, Problems& problems) {
    static Models models{STRATA_SOURCE_DIR "/providers/aws/models"};
    auto declaration = read_type("log_group.yaml", text, problems);
    if (!problems.empty()) return {};
    return resolve(std::move(declaration), models, problems);
}

std::string problems_of(const std::string& text) {
    Problems problems;
    resolved(text, problems);
    return problems.text();
}

const Property* property(const ResolvedType& type, std::string_view name) {
    for (const auto& found : type.properties)
        if (found.name == name) return &found;
    return nullptr;
}

TEST(TypeFile, IsAcceptedWhenTheModelHasAllItNames) { EXPECT_EQ(problems_of(log_group), ""); }

TEST(TypeFile, WithAnUnknownKeyIsRefusedWithItsLineAndASuggestion) {
    EXPECT_EQ(problems_of(replaced(log_group, "exclude:", "exlude:")),
              "log_group.yaml:7: error: unknown key \"exlude\". Did you mean \"exclude\"?");
}

TEST(TypeFile, WithAnUnknownOperationIsRefusedWithASuggestion) {
    EXPECT_EQ(problems_of(replaced(log_group, "delete: DeleteLogGroup", "delete: DeleteLogGroups")),
              "log_group.yaml:9: error: logs has no operation \"DeleteLogGroups\" among those of providers/aws/models/operations.txt. Did "
              "you mean "
              "\"DeleteLogGroup\"?");
}

TEST(TypeFile, WithAnUnknownMemberIsRefusedWithASuggestion) {
    EXPECT_EQ(problems_of(replaced(log_group, "resourceArn: $arn", "resourceARN: $arn")),
              "log_group.yaml:12: error: TagResourceRequest has no member \"resourceARN\". Did you mean \"resourceArn\"?");
}

TEST(TypeFile, WithAPropertyThatNoAnswerShowsIsRefused) {
    const auto found = problems_of(replaced(log_group, "out: logGroups, key: logGroupName", "out: nextToken"));

    EXPECT_TRUE(found.starts_with(
        "log_group.yaml:1: error: logGroupClass is in no answer: say where with \"map\", or list it under \"write_only\" or "
        "\"exclude\".\n"))
        << found;
}

TEST(TypeFile, WithAnUnknownReferenceIsRefused) {
    EXPECT_EQ(problems_of(replaced(log_group, "tags: $tags", "tags: $tag")),
              "log_group.yaml:12: error: unknown reference \"$tag\"; docs/resource-type-format.md lists them.");
}

TEST(TypeFile, WithAServiceDefaultThatDoesNotFitIsRefused) {
    const auto with = [](const std::string& rule) { return problems_of(log_group + "service_defaults: {" + rule + "}\n"); };

    EXPECT_EQ(with("retentionInDays: {value: 30, where: \"logGroupClass == 'DELIVERY'\"}"), "");
    EXPECT_EQ(with("retentionInDay: {value: 30}"),
              "log_group.yaml:15: error: service_defaults: no property \"retentionInDay\". Did you mean \"retentionInDays\"?");
    EXPECT_EQ(with("retentionInDays: {when: 30}"),
              "log_group.yaml:15: error: unknown key \"when\".\n"
              "log_group.yaml:15: error: \"value\" is missing: what does the service put there?");
    EXPECT_EQ(with("retentionInDays: {value: {Days: 30}}"), "log_group.yaml:15: error: Days has no member \"Days\".");
    EXPECT_EQ(with("retentionInDays: {value: 30, where: logGroupClas}"),
              "log_group.yaml:15: error: LogGroup has no member \"logGroupClas\". Did you mean \"logGroupClass\"?");
    EXPECT_NE(with("retentionInDays: {value: 30, where: \"logGroupClass ==\"}"), "");
}

TEST(TypeFile, MakesPropertiesOfCreateMembersAndFacets) {
    Problems problems;
    const auto type = resolved(log_group, problems);

    std::vector<std::string> names;
    for (const auto& found : type.properties) names.push_back(found.name);
    EXPECT_EQ(names, (std::vector<std::string>{"Tags", "logGroupClass", "logGroupName", "retentionInDays"}));
    EXPECT_TRUE(property(type, "logGroupClass")->replaces) << "no update call carries it";
    EXPECT_FALSE(property(type, "retentionInDays")->replaces) << "it is a facet";
    EXPECT_EQ(property(type, "retentionInDays")->facet, 1U);
    EXPECT_FALSE(property(type, "logGroupName")->required) << "a name can be generated";
}

TEST(ServiceHeader, HoldsMembersInAlphabeticalOrderWithTheirTypes) {
    Problems problems;
    std::vector<ResolvedType> types;
    types.push_back(resolved(log_group, problems));
    const Names names{types, problems};

    const auto header = service_header("logs", types, names);

    EXPECT_NE(header.find(R"(struct LogGroupArgs {
    Map<Value> additional{};
    Input<LogGroupClass> log_group_class{};
    Input<std::string> log_group_name{};
    Input<std::int64_t> retention_in_days{};
    Map<std::string> tags{};
    friend Declared fields(const LogGroupArgs& value);
};)"),
              std::string::npos)
        << header;
    EXPECT_NE(header.find("enum class LogGroupClass : std::uint8_t { standard, infrequent_access, delivery };"), std::string::npos)
        << header;
}

}  // namespace

}  // namespace strata::codegen
