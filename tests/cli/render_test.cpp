#include <regex>

#include <gtest/gtest.h>

#include "cli/render/drift_text.hpp"
#include "cli/render/graph_text.hpp"
#include "cli/render/plan_text.hpp"
#include "cli/render/problem_text.hpp"
#include "cli/render/text_reporter.hpp"
#include "cli/render/unified_diff.hpp"
#include "cli/render/value_text.hpp"
#include "tests/cli/golden.hpp"
#include "tests/cli/sample_plan.hpp"

namespace strata::cli {
namespace {

const Style plain{false};
const Style coloured{true};

std::string without_colours(const std::string& text) { return std::regex_replace(text, std::regex{"\x1b\\[[0-9]+m"}, ""); }

TEST(PlanText, ShowsEveryKindOfChange) { expect_golden("plan.txt", plan_text(sample_plan(), PlanDetail::changes, plain)); }

TEST(PlanText, ShowsEverythingLineByLineWhenAsked) {
    expect_golden("plan_diff.txt", plan_text(sample_plan(), PlanDetail::everything, plain));
}

TEST(PlanText, ColoursOnlyRepeatWhatTheTextSays) {
    for (const auto detail : {PlanDetail::changes, PlanDetail::everything}) {
        const auto text = plan_text(sample_plan(), detail, coloured);
        EXPECT_NE(text, without_colours(text));
        EXPECT_EQ(without_colours(text), plan_text(sample_plan(), detail, plain));
    }
}

TEST(PlanText, NeverHoldsASecret) {
    for (const auto detail : {PlanDetail::changes, PlanDetail::everything})
        EXPECT_EQ(plan_text(sample_plan(), detail, plain).find("hunter2"), std::string::npos);
}

TEST(DriftText, ShowsWhatWasChangedGoneAndUnseen) {
    DriftReport report{.stack = "shelf", .environment = "dev", .resources = {}, .read_live = 12};
    report.resources.push_back(
        {.address = "lake/bronze",
         .type_name = "fake.Box",
         .id = "b",
         .unreadable = {},
         .changes = {{.path = "versioning",
                      .property = "Versioning",
                      .before = Value{"Enabled"},
                      .after = Value{"Suspended"},
                      .origin = Origin::drift,
                      .where = {}},
                     {.path = "tags[owner]", .property = "Tags", .before = Value{"us"}, .after = {}, .origin = Origin::drift, .where = {}}},
         .unmanaged = {
             {.path = "tags[team]", .property = "Tags", .before = {}, .after = Value{"data"}, .origin = Origin::drift, .where = {}}}});
    report.resources.push_back(
        {.address = "network/vpc", .type_name = "fake.Box", .id = "v", .missing = true, .unreadable = {}, .changes = {}, .unmanaged = {}});
    report.resources.push_back(
        {.address = "key",
         .type_name = "fake.Key",
         .id = "k",
         .unreadable = Error{.kind = ErrorKind::access_denied, .summary = "Access denied", .cause = "kms:DescribeKey is not allowed."},
         .changes = {},
         .unmanaged = {}});

    expect_golden("drift_all_kinds.txt", drift_text(report, PlanDetail::changes, plain));
}

TEST(ProblemText, IndentsCauseAndRemedy) {
    const Error error{.kind = ErrorKind::usage,
                      .summary = "Unknown setting",
                      .cause = "config/dev.yaml:12: network has no setting \"zonse\".",
                      .remedy = "Did you mean \"zones\"?"};
    EXPECT_EQ(problem_text(error, Severity::error, plain),
              "error: Unknown setting\n  config/dev.yaml:12: network has no setting \"zonse\".\n  Did you mean \"zones\"?\n");
    EXPECT_EQ(problem_text(error, Severity::warning, plain).substr(0, 9), "warning: ");
}

TEST(ProblemText, LetsNoControlSequenceThrough) {
    const Error error{.kind = ErrorKind::service, .summary = "Refused", .cause = "bad\x1b[2Jname\r\x07", .remedy = {}};
    EXPECT_EQ(problem_text(error, Severity::error, plain), "error: Refused\n  bad?[2Jname??\n");
}

TEST(ValueText, MasksSecretsAndUnknownsWhereverTheyStand) {
    const auto value = Value::map({{"a", Value::secret("hunter2")},
                                   {"b", Value::list({Value::unknown("x.id"), "plain"})},
                                   {"c", Value::secret(Value::list({"hunter2"}))}});
    EXPECT_EQ(value_text(value), "{a: (secret), b: [(known after apply), \"plain\"], c: (secret)}");
    EXPECT_EQ(value_lines(value), "{\n  a: (secret)\n  b: [\n    (known after apply)\n    \"plain\"\n  ]\n  c: (secret)\n}");
}

TEST(ValueText, CutsByCharactersNotBytes) {
    EXPECT_EQ(value_text(Value{"äöüßäöüß"}, 6), "\"äöü…\"");
    EXPECT_EQ(value_text(Value{"short"}, 20), "\"short\"");
}

TEST(ValueText, SaysWhatDataAndAssetsAre) {
    EXPECT_EQ(value_text(Bytes{std::string(2048, 'x')}), "(2.0 KiB of data)");
    EXPECT_EQ(value_text(Asset{.path = "dist/app.zip", .sha256 = "0123456789abcdef", .size = 3}),
              "dist/app.zip (3 B, sha256 0123456789ab…)");
    EXPECT_EQ(value_text(Value{}), "(default)");
}

TEST(UnifiedDiff, KeepsThreeLinesAroundEachDifference) {
    const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9";
    const std::string after = "1\n2\n3\n4\nfive\n6\n7\n8\n9";
    EXPECT_EQ(unified_diff(before, after), (std::vector<std::string>{"@@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8", "@@"}));
}

TEST(UnifiedDiff, ShowsALineThatWasPutInAsOneLine) {
    EXPECT_EQ(unified_diff("a\nb", "x\na\nb"), (std::vector<std::string>{"+x", " a", " b"}));
    EXPECT_EQ(unified_diff("", "a"), (std::vector<std::string>{"+a"}));
}

TEST(ListingText, AlignsColumnsAndPutsNumbersRight) {
    const Listing listing{
        .event = "stack",
        .columns = {{"name", "NAME"}, {"count", "COUNT", true}, {"note", "NOTE"}},
        .rows = {{{"name", "foundation"}, {"count", 12}, {"note", ""}}, {{"name", "lake"}, {"count", 7}, {"note", "not deployed"}}},
        .when_empty = "None."};
    EXPECT_EQ(listing_text(listing, plain), "NAME        COUNT  NOTE\nfoundation     12\nlake            7  not deployed\n");
    EXPECT_EQ(listing_text({.event = "stack", .columns = {}, .rows = {}, .when_empty = "None."}, plain), "None.\n");
}

TEST(Graph, IsDrawnInThreeForms) {
    const GraphPicture picture{.title = "shelf · dev",
                               .boxes = {{"vpc", "aws.ec2.Vpc"},
                                         {"subnet-a", "aws.ec2.Subnet"},
                                         {"subnet-b", "aws.ec2.Subnet"},
                                         {"group", "aws.ec2.SecurityGroup"},
                                         {"service", "aws.ecs.Service"}},
                               .arrows = {{1, 0}, {2, 0}, {3, 0}, {4, 1}, {4, 3}}};
    expect_golden("graph.dot", graph_dot(picture));
    expect_golden("graph.mmd", graph_mermaid(picture));
    expect_golden("graph.svg", graph_svg(picture));
}

TEST(Graph, OfNothingIsStillADocument) { EXPECT_TRUE(graph_svg({.title = "empty", .boxes = {}, .arrows = {}}).ends_with("</svg>\n")); }

}  // namespace
}  // namespace strata::cli
