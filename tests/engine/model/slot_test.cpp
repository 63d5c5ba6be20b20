#include <map>

#include <gtest/gtest.h>

#include "tests/engine/things.hpp"

// What may be assigned to a property, and what is kept of it.

namespace strata::things {
namespace {

Value value_of(const ThingArgs& args) { return fields(args).value; }

TEST(Slot, APropertyThatIsNotAssignedIsAbsent) {
    EXPECT_FALSE(Input<std::string>{}.set());
    EXPECT_EQ(value_of({}), Value::map({}));
}

TEST(Slot, KeepsPlainValuesUnderTheirWireNames) {
    const std::string text = "from a variable";

    EXPECT_EQ(value_of({.mode = Mode::slow, .ratio = 1, .text = text}),
              Value::map({{"Mode", "SLOW"}, {"Ratio", 1.0}, {"Text", "from a variable"}}));
}

TEST(Slot, KeepsStructuresNestedAndOnlyTheirMembersThatAreSet) {
    EXPECT_EQ(value_of({.part = Part{.label = "a", .on = false}, .parts = {Part{.size = 1}, Part{}}}),
              Value::map({{"Part", Value::map({{"Label", "a"}, {"On", false}})},
                          {"Parts", Value::list({Value::map({{"Size", 1}}), Value::map({})})}}));
}

TEST(Slot, MarksWhatCameThroughAnEscapeHatchAsUnchecked) {
    const auto places =
        fields(ThingArgs{
                   .additional = {{"NewMember", Value{3}}}, .mode = enum_value("WARP"), .parts = {Part{}, Part{.mode = enum_value("X")}}})
            .locations;

    EXPECT_EQ(places.unchecked(), (std::vector<std::string>{"Mode", "Parts[1].Mode", "NewMember"}));
    EXPECT_TRUE(places.is_unchecked("NewMember.Below"));
    EXPECT_FALSE(places.is_unchecked("Parts[0].Mode"));
    EXPECT_TRUE(fields(ThingArgs{.mode = Mode::fast}).locations.unchecked().empty());
}

TEST(Slot, TellsResetFromEmptyFromNotSet) {
    EXPECT_EQ(value_of({.labels = reset, .rules = none, .text = reset}),
              Value::map({{"Labels", nullptr}, {"Rules", Value::list({})}, {"Text", nullptr}}));
    EXPECT_EQ(value_of({.labels = none, .rules = {}, .text = {}}), Value::map({{"Labels", Value::map({})}}));
}

TEST(Slot, TakesListsAndMapsFromContainersToo) {
    const std::vector<std::string> rules{"in", "out"};
    const std::map<std::string, std::string> labels{{"team", "data"}};

    EXPECT_EQ(value_of({.labels = labels, .rules = rules}),
              Value::map({{"Labels", Value::map({{"team", "data"}})}, {"Rules", Value::list({"in", "out"})}}));
}

TEST(Slot, GrowsListsAndMapsPieceByPiece) {
    ThingArgs args{.labels = {{"a", "1"}}, .rules = {"in"}};
    args.labels.set("b", "2");
    args.rules.add("out");

    EXPECT_EQ(value_of(args), Value::map({{"Labels", Value::map({{"a", "1"}, {"b", "2"}})}, {"Rules", Value::list({"in", "out"})}}));
}

TEST(Slot, StartsAMapThatWasNotSetWhenAnEntryIsPut) {
    ThingArgs args;
    args.labels.set("a", "1");

    EXPECT_EQ(value_of(args), Value::map({{"Labels", Value::map({{"a", "1"}})}}));
}

TEST(Slot, StartsAListThatWasNotSetWhenAnItemIsAdded) {
    ThingArgs args;
    args.rules.add("in");

    EXPECT_EQ(value_of(args), Value::map({{"Rules", Value::list({"in"})}}));
}

TEST(Slot, LeavesItemsOutThatAreNotSet) {
    const Input<std::string> not_set;

    EXPECT_EQ(value_of({.labels = {{"a", not_set}}, .rules = {"in", not_set}}),
              Value::map({{"Labels", Value::map({})}, {"Rules", Value::list({"in"})}}));
}

TEST(Slot, MarksWhatIsDeclaredSecret) {
    EXPECT_EQ(value_of({.text = secret("hunter2")}), Value::map({{"Text", Value::secret("hunter2")}}));
}

TEST(Slot, TakesAssetsAndBytesForContent) {
    const Asset code{.path = "job.py", .sha256 = std::string(64, 'a'), .size = 3};

    EXPECT_EQ(value_of({.code = code}), Value::map({{"Code", code}}));
    EXPECT_EQ(value_of({.code = Bytes{"abc"}}), Value::map({{"Code", Bytes{"abc"}}}));
}

TEST(Slot, TakesAnEnumValueThatTheModelDoesNotKnowYet) {
    EXPECT_EQ(value_of({.mode = enum_value("WARP")}), Value::map({{"Mode", "WARP"}}));
}

TEST(Slot, TakesAdditionalMembersAtEveryDepthAndTheyWinOverTypedOnes) {
    EXPECT_EQ(value_of({.additional = {{"NewMember", Value{3}}, {"Text", Value{"new"}}},
                        .part = Part{.additional = {{"Depth", Value::list({1, 2})}}, .size = 4},
                        .text = "old"}),
              Value::map({{"NewMember", 3}, {"Part", Value::map({{"Depth", Value::list({1, 2})}, {"Size", 4}})}, {"Text", "new"}}));
}

TEST(Slot, HoldsAReferenceForAnOutputWhereverOneStands) {
    Stack stack{"test", {}};
    const Thing other{stack, "other", {}};
    const auto id = other.id();
    const Value used{id.reference()};

    EXPECT_EQ(value_of({.anything = other.size(), .labels = {{"id", id}}, .mode = id, .part = Part{.label = id}, .rules = {"a", id}}),
              Value::map({{"Anything", Reference{id.reference().node + 1}},
                          {"Labels", Value::map({{"id", used}})},
                          {"Mode", used},
                          {"Part", Value::map({{"Label", used}})},
                          {"Rules", Value::list({"a", used})}}));
}

TEST(Slot, GrowsAListThatWasReset) {
    ThingArgs args{.labels = reset, .rules = reset};
    args.labels.set("a", "1");
    args.rules.add("in");

    EXPECT_EQ(value_of(args), Value::map({{"Labels", Value::map({{"a", "1"}})}, {"Rules", Value::list({"in"})}}));
}

TEST(Slot, RefusesToAddToAListThatIsAnOutput) {
    Stack stack{"test", {}};
    const Thing other{stack, "other", {}};
    List<std::string> ids = all<std::string>({other.id()});

    EXPECT_THROW(ids.add("one more"), std::logic_error);
}

TEST(Slot, ACopyIsIndependentOfWhatItWasCopiedFrom) {
    const List<std::string> first{"in"};
    auto second = first;
    second.add("out");

    EXPECT_EQ(first.declared().value, Value::list({"in"}));
    EXPECT_EQ(second.declared().value, Value::list({"in", "out"}));
}

}  // namespace
}  // namespace strata::things
