#include "providers/aws/model/path.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "tests/bounded.hpp"

namespace strata::aws {
namespace {

Value json(std::string_view text) {
    auto value = parse_json(text, "test");
    EXPECT_TRUE(value.ok());
    return value.ok() ? *std::move(value) : Value{};
}

std::string found(std::string_view document, std::string_view path) { return to_json(look_up(json(document), path)); }

TEST(Path, FollowsNames) {
    EXPECT_EQ(found(R"({"Table": {"TableStatus": "ACTIVE"}})", "Table.TableStatus"), R"("ACTIVE")");
    EXPECT_EQ(found(R"({"Table": {}})", "Table.TableStatus"), "null");
    EXPECT_EQ(found(R"({"Table": "text"})", "Table.TableStatus"), "null");
}

TEST(Path, TakesItemsByIndexFromEitherEnd) {
    EXPECT_EQ(found(R"({"Keys": [{"Name": "a"}, {"Name": "b"}]})", "Keys[0].Name"), R"("a")");
    EXPECT_EQ(found(R"({"Keys": [{"Name": "a"}, {"Name": "b"}]})", "Keys[-1].Name"), R"("b")");
    EXPECT_EQ(found(R"({"Keys": []})", "Keys[-1].Name"), "null");
    EXPECT_EQ(found(R"({"Keys": [1]})", "Keys[1]"), "null");
    EXPECT_EQ(found(R"({"Keys": [1]})", "Keys[-2]"), "null");
}

TEST(Path, ProjectsOverListsAndLeavesNullsOut) {
    EXPECT_EQ(found(R"({"Vpcs": [{"State": "a"}, {}, {"State": "b"}]})", "Vpcs[].State"), R"(["a","b"])");
    EXPECT_EQ(found(R"({"Vpcs": [{"State": "a"}, {"State": "b"}]})", "Vpcs[*].State"), R"(["a","b"])");
    EXPECT_EQ(found(R"({"Vpcs": {}})", "Vpcs[].State"), "null");
}

TEST(Path, FlattensOneLevelAtEachPairOfBrackets) {
    constexpr auto reservations = R"({"R": [{"I": [{"S": 1}, {"S": 2}]}, {"I": [{"S": 3}]}]})";
    EXPECT_EQ(found(reservations, "R[].I[].S"), "[1,2,3]");
    EXPECT_EQ(found(reservations, "R[*].I[*].S"), "[[1,2],[3]]");
    EXPECT_EQ(found("[[1, [2]], 3]", "[]"), "[1,[2],3]");
}

TEST(Path, FiltersByCondition) {
    constexpr auto images = R"({"Images": [{"Id": "a", "State": "ok"}, {"Id": "b", "State": "bad"}, {"Id": "c"}]})";
    EXPECT_EQ(found(images, "Images[?State=='ok'].Id"), R"(["a"])");
    EXPECT_EQ(found(images, "Images[?State=='ok' || State=='bad'].Id"), R"(["a","b"])");
    EXPECT_EQ(found(images, "Images[?!State].Id"), R"(["c"])");
    EXPECT_EQ(found(images, "Images[?State == `\"bad\"`].Id"), R"(["b"])");
}

TEST(Path, ComparesAndCounts) {
    EXPECT_EQ(found(R"({"DBInstances": []})", "length(DBInstances) == `0`"), "true");
    EXPECT_EQ(found(R"({"Groups": [{"Id": "a"}, {}]})", "length(Groups[].Id) > `0`"), "true");
    EXPECT_EQ(found(R"({"Groups": [{"Id": "a"}, {}]})", "length(Groups[].Id) >= `2`"), "false");
    EXPECT_EQ(found(R"({"Name": "four"})", "length(Name)"), "4");
    EXPECT_EQ(found("{}", "length(Missing) > `0`"), "null");
    EXPECT_EQ(found(R"({"a": "x"})", "a < 'y'"), "null");
}

TEST(Path, JoinsConditions) {
    EXPECT_EQ(found(R"({"NextMarker": "m"})", "NextMarker || Contents[-1].Key"), R"("m")");
    EXPECT_EQ(found(R"({"Contents": [{"Key": "k"}]})", "NextMarker || Contents[-1].Key"), R"("k")");
    EXPECT_EQ(found(R"({"a": true, "b": false})", "a && b"), "false");
    EXPECT_EQ(found(R"({"a": false, "b": true})", "(a || b) && b"), "true");
}

TEST(Path, AnswersEcsServicesStable) {
    constexpr auto stable = "length(services[?!(length(deployments) == `1` && runningCount == desiredCount)]) == `0`";
    EXPECT_EQ(found(R"({"services": [{"deployments": [1], "runningCount": 2, "desiredCount": 2}]})", stable), "true");
    EXPECT_EQ(found(R"({"services": [{"deployments": [1, 2], "runningCount": 2, "desiredCount": 2}]})", stable), "false");
    EXPECT_EQ(found(R"({"services": [{"deployments": [1], "runningCount": 1, "desiredCount": 2}]})", stable), "false");
}

TEST(Path, RefusesWhatItCannotRead) {
    for (const auto* const path : {"", "a.", "a[", "a[x]", "a[?b", "a ||", "(a", "nope(a)", "a b", "'open", "`{`", "a[0", "[[", ".a"})
        EXPECT_FALSE(check_path(path).ok()) << path;
    EXPECT_FALSE(check_path(std::string(5000, '(')).ok());
    EXPECT_FALSE(check_path(std::string(5000, '!')).ok());
    EXPECT_TRUE(look_up(json("{}"), "a[").is_null());
}

TEST(Path, NamesWhereReadingEnded) {
    const auto status = check_path("Vpcs[].State }");

    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().cause, "\"Vpcs[].State }\" cannot be read from byte 13 on.");
}

TEST(Path, EndsAPathThatIsTooLongWithOneError) {
    for (const auto* const piece : {"[*]", ".a", "||a", "&&a", "[]", "[?a]"}) {
        const auto path = "a" + repeated(piece, 100'000);
        const auto said =
            bounded([&] { return (look_up(json("{}"), path).is_null() ? "null, " : "") + check_path(path).error().cause; }).said;
        EXPECT_EQ(said, fmt::format("null, \"{}...\" is longer than 2000 bytes.", path.substr(0, 60)));
    }
    EXPECT_TRUE(check_path("a" + repeated("[*]", 600)).ok());
}

}  // namespace
}  // namespace strata::aws
