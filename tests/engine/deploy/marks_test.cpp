#include "engine/deploy/marks.hpp"

#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

// What is live comes into state with the marks of what was applied: a secret that somebody replaced is a secret too.

namespace strata {
namespace {

Value hidden(Value value) { return Value::secret(std::move(value)); }

TEST(MarkedAs, LeavesWhatWasNeverSecret) {
    const auto live = Value::map({{"a", 1}, {"b", Value::list({"x"})}});

    EXPECT_EQ(marked_as(Value::map({{"a", 2}}), live), live);
}

TEST(MarkedAs, MarksEachKeyAsItWas) {
    const auto applied = Value::map({{"name", "db"}, {"token", hidden("old")}});

    EXPECT_EQ(marked_as(applied, Value::map({{"name", "other"}, {"token", "new"}})),
              Value::map({{"name", "other"}, {"token", hidden("new")}}));
}

TEST(MarkedAs, MarksAKeyThatWasNotAppliedWhereAnythingAroundIsSecret) {
    const auto applied = Value::map({{"token", hidden("old")}});

    EXPECT_EQ(marked_as(applied, Value::map({{"renamed", "old"}})), Value::map({{"renamed", hidden("old")}}));
}

TEST(MarkedAs, MarksAllOfWhatIsOfAnotherKind) {
    EXPECT_EQ(marked_as(Value::map({{"token", hidden("old")}}), Value{"{\"token\":\"old\"}"}), hidden("{\"token\":\"old\"}"));
    EXPECT_EQ(marked_as(hidden("old"), Value::list({"new"})), hidden(Value::list({"new"})));
}

TEST(MarkedAs, KnowsAnItemAgainWhereverItStands) {
    const auto applied = Value::list({"--token", hidden("old")});

    EXPECT_EQ(marked_as(applied, Value::list({"old", "--token", "new"})), Value::list({hidden("old"), "--token", hidden("new")}));
}

TEST(MarkedAs, GivesANewItemTheMarksOfAll) {
    const auto applied = Value::list({Value::map({{"name", "A"}, {"value", "a"}}), Value::map({{"name", "B"}, {"value", hidden("b")}})});

    EXPECT_EQ(marked_as(applied, Value::list({Value::map({{"name", "C"}, {"value", "c"}})})),
              Value::list({Value::map({{"name", "C"}, {"value", hidden("c")}})}));
}

}  // namespace

namespace fake {
namespace {

class SecretsInState : public testing::Test, public Harness {
protected:
    static void program(Stack& stack) {
        Box{stack,
            "box",
            {.name = "box-a", .rules = {secret("rule")}, .shelves = {"top", secret("shelf")}, .tags = {{"token", secret("tag")}}}};
    }
    const Value& kept(std::string_view facet, std::string_view property) {
        state_ = state();
        return *state_.find("box")->facets.at(std::string{facet}).properties.find(property);
    }

private:
    State state_;
};

TEST_F(SecretsInState, ARefreshMarksWhatSomebodyPutInThePlaceOfASecret) {
    up(program);
    auto& live = cloud.objects["box-a"].properties;
    live.find("Tags")->map()->set("token", "other tag");
    live.set("Rules", Value::list({"other rule", "third rule"}));
    live.set("Shelves", Value::list({"other shelf", "top", "third shelf"}));
    const auto result = refresh(program);

    EXPECT_EQ(result.error_text(), "");
    EXPECT_EQ(*kept("", "Tags").find("token"), Value::secret("other tag"));
    EXPECT_EQ(kept("rules", "Rules"), Value::list({Value::secret("other rule"), Value::secret("third rule")}));
    EXPECT_EQ(kept("", "Shelves"), Value::list({Value::secret("other shelf"), "top", Value::secret("third shelf")}));
}

TEST_F(SecretsInState, AnImportMarksWhatStoodInThePlaceOfASecret) {
    cloud.objects["box-a"] = {.type = "fake.Box",
                              .properties = {{"Name", "box-a"},
                                             {"Shelves", Value::list({"top", "former shelf"})},
                                             {"Tags", Value::map({{"token", "former tag"}})}},
                              .outputs = {{"Id", "box-a"}},
                              .token = {}};
    const auto result = import(program, "box", "box-a");

    EXPECT_EQ(result.error_text(), "");
    EXPECT_EQ(*kept("", "Tags").find("token"), Value::secret("former tag"));
    EXPECT_EQ(kept("", "Shelves"), Value::list({"top", Value::secret("former shelf")}));
}

}  // namespace
}  // namespace fake
}  // namespace strata
