#include "engine/base/json.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

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

TEST(Json, RefusesNestingBeyondTheLimit) {
    const std::string deep(100'000, '[');

    const auto value = parse_json(deep, "the test");

    ASSERT_FALSE(value.ok());
    EXPECT_NE(value.error().cause.find("nested deeper than 200"), std::string::npos);
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
