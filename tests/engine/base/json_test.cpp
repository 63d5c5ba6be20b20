#include "engine/base/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/bounded.hpp"

namespace strata {
namespace {

/// As for what comes from elsewhere.
constexpr JsonLimits foreign{.bytes = std::size_t{8} << 20, .values = 200'000};

/// What a reader says that may take 64 MB.
std::string outcome(const std::string& text, const JsonLimits& limits = foreign) {
    return bounded([&] {
               const auto value = parse_json(text, "the test", limits);
               return value ? std::string{"read"} : value.error().text();
           })
        .said;
}

TEST(Json, ReadsEveryKindAndWritesItBackTheSame) {
    constexpr auto text = R"({"empty":{},"items":[1,2.5,"x",null,true],"long":9223372036854775807,"text":"a\"b\\\n"})";

    const auto value = parse_json(text, "the test");

    ASSERT_TRUE(value.ok());
    EXPECT_EQ(to_json(*value), text);
}

TEST(Json, SaysWhereAndWhatWhenTheTextIsBroken) {
    const auto value = parse_json(R"({"a": )", "state/dev.json");

    ASSERT_FALSE(value.ok());
    EXPECT_EQ(value.error().kind, ErrorKind::protocol);
    EXPECT_NE(value.error().cause.find("state/dev.json"), std::string::npos);
}

TEST(Json, ChecksWhatItDoesNotKeep) {
    for (const auto* text : {R"({"a":[1,"x",{"b":null}]})", "[1,", "{\"a\" 1}", "", "[[[[1]]]]", "[1,2,3,4]"}) {
        const JsonLimits limits{.depth = 3, .values = 4};
        const auto read = parse_json(text, "the test", limits);
        const auto checked = check_json(text, "the test", limits);
        ASSERT_EQ(checked.ok(), read.ok()) << text;
        if (!read) EXPECT_EQ(checked.error().text(), read.error().text());
    }
    const std::string many = "[" + repeated("0,", 1'900'000) + "0]";
    EXPECT_EQ(bounded([&] { return std::string{check_json(many, "the test").ok() ? "sound" : "broken"}; }, 1U << 20U).said, "sound");
}

TEST(Json, EndsDeepNestingWithOneError) {
    constexpr auto expected = "JSON is too large\n  the test: nested deeper than 200 levels\n  Check that this is what it is taken for.";
    EXPECT_EQ(outcome(repeated("[", 100'000)), expected);
    EXPECT_EQ(outcome(repeated("{\"a\":", 100'000)), expected);
    EXPECT_EQ(outcome(repeated("[", 200) + repeated("]", 200)), "read");
}

TEST(Json, EndsTooManyValuesWithOneError) {
    constexpr auto expected = "JSON is too large\n  the test: more than 200000 values\n  Check that this is what it is taken for.";
    EXPECT_EQ(outcome("[" + repeated("0,", 4'000'000) + "0]"), expected);
    EXPECT_EQ(outcome("[" + repeated("[],", 2'500'000) + "[]]"), expected);
    EXPECT_EQ(outcome("[" + repeated("0,", 199'998) + "0]"), "read");
}

TEST(Json, EndsTextThatIsTooLongBeforeItIsRead) {
    EXPECT_EQ(outcome("\"" + std::string(64U << 20U, 'a') + "\""),
              "JSON is too large\n  the test: more than 8388608 bytes\n  Check that this is what it is taken for.");
}

TEST(Json, ReadsOneHugeTextAndRefusesOneHugeNumber) {
    EXPECT_EQ(outcome("\"" + std::string(8'000'000, 'a') + "\""), "read");
    constexpr auto expected =
        "JSON is too large\n  the test: a number of more than 100000 digits\n  Check that this is what it is taken for.";
    EXPECT_EQ(outcome(std::string(8'000'000, '1')), expected);
    EXPECT_EQ(outcome("[0." + std::string(8'000'000, '1') + "]"), expected);
    EXPECT_EQ(outcome("\"" + std::string(8'000'000, '1') + "\""), "read");
    EXPECT_EQ(outcome("[\"" + std::string(50'000, '1') + "\",0." + std::string(100'001, '1') + "]"), expected);
}

TEST(Json, ReadsManyKeysInWhateverOrder) {
    std::string text = "{";
    for (int i = 199'000; i > 0; --i) text += fmt::format("\"{:06}\":0,", i);

    EXPECT_EQ(outcome(text + "\"a\":0}"), "read");
}

TEST(Json, OfAKeyGivenTwiceTheLastCounts) {
    const auto value = parse_json(R"({"b":1,"a":2,"b":3,"a":4,"c":5})", "the test");

    ASSERT_TRUE(value.ok());
    EXPECT_EQ(to_json(*value), R"({"a":4,"b":3,"c":5})");
}

TEST(Json, NeverWritesASecret) {
    const Value value = Value::map({{"password", Value::secret("hunter2")}});

    EXPECT_EQ(to_json(value), R"x({"password":"(secret)"})x");
}

TEST(Json, IndentsForPeople) {
    EXPECT_EQ(to_json(Value::map({{"a", Value::list({1, 2})}, {"b", Value(ValueMap{})}}), JsonStyle::indented),
              "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

TEST(Json, WritesBytesAsBase64AndWholeRealsWithAPoint) {
    EXPECT_EQ(to_json(Value::list({Bytes{"\x01\x02"}, 2.0, 1e300})), R"(["AQI=",2.0,1e+300])");
}

}  // namespace
}  // namespace strata
