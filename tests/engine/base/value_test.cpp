#include "engine/base/value.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

TEST(Value, MapsWithTheSameEntriesAreEqualInWhateverOrderTheyWereMade) {
    const Value a = Value::map({{"b", 2}, {"a", 1}});
    const Value b = Value::map({{"a", 1}, {"b", 2}});

    EXPECT_EQ(a, b);
}

TEST(Value, ASecretNeverEqualsThePlainValueThatItHolds) {
    EXPECT_FALSE(Value::secret("hunter2") == Value("hunter2"));
    EXPECT_TRUE(Value::secret("hunter2") == Value::secret("hunter2"));
}

TEST(Value, ASecretOfASecretIsOneSecret) {
    const auto twice = Value::secret(Value::secret("x"));

    EXPECT_EQ(twice.revealed(), Value("x"));
}

TEST(Value, FindsAnUnknownInsideASecretInsideAList) {
    const Value value = Value::list({1, Value::secret(Value::map({{"id", Value::unknown("network/vpc.id")}}))});

    EXPECT_TRUE(value.has_unknown());
    EXPECT_FALSE(Value::list({1, Value::secret(2)}).has_unknown());
}

TEST(Value, LosesEveryMarkOnTheWayToTheWire) {
    const Value value = Value::map({{"password", Value::secret("p")}, {"names", Value::list({Value::secret("n"), "m"})}});

    EXPECT_EQ(value.without_marks(), Value::map({{"password", "p"}, {"names", Value::list({"n", "m"})}}));
}

TEST(Value, AnIntegerEqualsTheSameNumberAsReal) {
    EXPECT_EQ(Value(3), Value(3.0));
    EXPECT_FALSE(Value(3) == Value(3.5));
}

TEST(ValueMap, IsMadeOfEntriesInAnyOrderOfWhichTheLastCounts) {
    EXPECT_EQ((ValueMap{std::vector<ValueMap::Entry>{{"b", 1}, {"a", 2}, {"b", 3}, {"c", 4}, {"b", 5}}}),
              (ValueMap{{"a", 2}, {"b", 5}, {"c", 4}}));
    EXPECT_EQ((ValueMap{std::vector<ValueMap::Entry>{{"a", 1}, {"b", 2}}}), (ValueMap{{"a", 1}, {"b", 2}}));
    EXPECT_TRUE(ValueMap{std::vector<ValueMap::Entry>{}}.empty());
}

TEST(ValueMap, TakesAnEntryOutOnce) {
    ValueMap map{{"a", 1}};

    EXPECT_EQ(map.take("a"), Value(1));
    EXPECT_EQ(map.take("a"), std::nullopt);
}

}  // namespace
}  // namespace strata
