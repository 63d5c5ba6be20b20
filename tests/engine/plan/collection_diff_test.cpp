#include <gtest/gtest.h>

#include "tests/engine/plan/gadget.hpp"

// Lists, sets and documents: what is the same, and what a person reads where it is not.

namespace strata {
namespace {

using Lines = std::vector<std::string>;

Value texts(std::initializer_list<Value> items) { return Value::list(items); }
Value rule(int port, const char* source, const char* about = nullptr) {
    ValueMap made{{"Port", port}, {"Source", source}};
    if (about != nullptr) made.set("About", about);
    return made;
}

Lines of_items(const Value& desired, const Value& applied, const Value& live) {
    return differences({{{"Items", desired}}, ValueMap{{"Items", applied}}, ValueMap{{"Items", live}}});
}

TEST(DiffOfLists, ShowsAnElementPutInAtTheHeadAsOneAdded) {
    EXPECT_EQ(of_items(texts({"new", "a", "b"}), texts({"a", "b"}), texts({"a", "b"})), Lines{R"(items[0]: none -> "new" (yours))"});
}

TEST(DiffOfLists, ShowsAnElementTakenOutAsOneTakenAway) {
    EXPECT_EQ(of_items(texts({"a", "c"}), texts({"a", "b", "c"}), texts({"a", "b", "c"})), Lines{R"(items[1]: "b" -> none (yours))"});
}

TEST(DiffOfLists, ShowsAnElementThatSomebodyAddedAsDrift) {
    EXPECT_EQ(of_items(texts({"a", "b"}), texts({"a", "b"}), texts({"a", "theirs", "b"})), Lines{R"(items[1]: "theirs" -> none (drift))"});
}

TEST(DiffOfLists, ShowsAnElementThatSomebodyTookAwayAsDrift) {
    EXPECT_EQ(of_items(texts({"a", "b"}), texts({"a", "b"}), texts({"b"})), Lines{R"(items[0]: none -> "a" (drift))"});
}

TEST(DiffOfLists, ShowsAnElementThatChangedWhereItStands) {
    EXPECT_EQ(of_items(texts({"a", "X", "c"}), texts({"a", "b", "c"}), texts({"a", "b", "c"})), Lines{R"(items[1]: "b" -> "X" (yours))"});
}

TEST(DiffOfLists, MattersInWhichOrderTheyStand) { EXPECT_FALSE(of_items(texts({"a", "b"}), texts({"a", "b"}), texts({"b", "a"})).empty()); }

TEST(DiffOfLists, ShowsTheMemberOfAnElementThatChanged) {
    const auto parts = [](int size) { return ValueMap{{"Parts", Value::list({Value::map({{"Mode", "a"}, {"Size", size}})})}}; };
    EXPECT_EQ(differences({parts(2), parts(1), parts(1)}), Lines{"parts[0].size: 1 -> 2 (yours)"});
}

TEST(DiffOfLists, LeavesMembersOfElementsAloneThatTheProgramNeverSet) {
    const ValueMap ours{{"Parts", Value::list({Value::map({{"Size", 1}})})}};
    const ValueMap live{{"Parts", Value::list({Value::map({{"Mode", "chosen by the service"}, {"Size", 1}})})}};
    EXPECT_EQ(differences({ours, ours, live}), Lines{});
}

TEST(DiffOfLists, ShowsAnUnknownElementAsOne) {
    EXPECT_EQ(of_items(texts({"a", Value::unknown("vpc.id")}), texts({"a", "b"}), texts({"a", "b"})),
              Lines{R"(items[1]: "b" -> unknown vpc.id (yours))"});
}

TEST(DiffOfLists, AnEmptyOneIsTheSameAsNone) {
    EXPECT_EQ(differences({{{"Items", Value::list({})}}, ValueMap{}, ValueMap{}}), Lines{});
    EXPECT_EQ(of_items(Value::list({}), texts({"a"}), texts({"a"})), Lines{R"(items[0]: "a" -> none (yours))"});
}

TEST(DiffOfSets, DoesNotLookAtTheOrder) {
    EXPECT_EQ(differences({{{"Members", texts({"a", "b", "c"})}}, ValueMap{}, ValueMap{{"Members", texts({"c", "a", "b"})}}}), Lines{});
}

TEST(DiffOfSets, TellsOurChangesFromDrift) {
    EXPECT_EQ(differences({{{"Members", texts({"new", "stays", "lost"})}},
                           ValueMap{{"Members", texts({"lost", "dropped", "stays"})}},
                           ValueMap{{"Members", texts({"dropped", "stays", "theirs"})}}}),
              (Lines{R"(members[new]: none -> "new" (yours))", R"(members[lost]: none -> "lost" (drift))",
                     R"(members[dropped]: "dropped" -> none (yours))", R"(members[theirs]: "theirs" -> none (drift))"}));
}

TEST(DiffOfSets, NamesAnElementByTheMembersThatIdentifyIt) {
    EXPECT_EQ(differences({.desired = {{"Rules", Value::list({rule(443, "10.0.0.0/8", "in"), rule(80, "0.0.0.0/0")})}},
                           .applied = ValueMap{{"Rules", Value::list({rule(443, "10.0.0.0/8", "old")})}},
                           .live = ValueMap{{"Rules", Value::list({rule(22, "0.0.0.0/0"), rule(443, "10.0.0.1/8", "old")})}},
                           .facet = 1}),
              (Lines{R"(rules[443].about: "old" -> "in" (yours))", R"(rules[80]: none -> {"Port":80,"Source":"0.0.0.0/0"} (yours))",
                     R"(rules[22]: {"Port":22,"Source":"0.0.0.0/0"} -> none (drift))"}));
}

TEST(DiffOfSets, NamesAnElementWithAnUnknownNameByAQuestionMark) {
    EXPECT_EQ(differences({.desired = {{"Rules", Value::list({Value::map({{"Port", Value::unknown("x.port")}})})}},
                           .applied = ValueMap{},
                           .live = ValueMap{},
                           .facet = 1}),
              Lines{R"x(rules: none -> [{"Port":"(unknown)"}] (yours))x"});
}

TEST(DiffOfSets, TakesAFacetAwayThatTheProgramNoLongerSets) {
    const ValueMap rules{{"Rules", Value::list({rule(443, "10.0.0.0/8")})}};
    EXPECT_EQ(differences({.desired = {}, .applied = rules, .live = rules, .facet = 1}),
              Lines{R"(rules: [{"Port":443,"Source":"10.0.0.0/8"}] -> none (yours))"});
}

TEST(DiffOfSets, LeavesForeignElementsAloneWhereItDoesNotOwnTheWhole) {
    constexpr static Schema text{.shape = PropertyShape::text};
    constexpr static Schema text_set{.shape = PropertyShape::set, .element = &text};
    constexpr static PropertySchema shared[] = {{.name = "Members", .label = "members", .schema = &text_set, .exclusive = false}};
    constexpr static ResourceType type{.name = "test.Shared", .provider = "test", .properties = shared};
    const ValueMap desired{{"Members", texts({"a"})}};
    const ValueMap applied{{"Members", texts({"a", "dropped"})}};
    const ValueMap live{{"Members", texts({"a", "dropped", "theirs"})}};

    EXPECT_EQ(lines_of(diff({.type = &type, .desired = &desired, .applied = &applied, .live = &live})),
              Lines{R"(members[dropped]: "dropped" -> none (yours))"});
}

Lines of_policy(const Value& desired, const Value& live) {
    return differences({{{"Policy", desired}}, ValueMap{{"Policy", desired}}, ValueMap{{"Policy", live}}});
}

TEST(DiffOfDocuments, ComparesThemByMeaning) {
    EXPECT_EQ(of_policy(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["b","a"],"Resource":["*"]}]})",
                        R"({"Statement":{"Action":["a","b"],"Effect":"Allow","Resource":"*"},"Version":"2012-10-17"})"),
              Lines{});
}

TEST(DiffOfDocuments, ShowsOneThatMeansSomethingElse) {
    EXPECT_EQ(of_policy(R"({"Statement":[{"Effect":"Deny","Action":"a"}]})", R"({"Statement":[{"Effect":"Allow","Action":"a"}]})").size(),
              1U);
}

TEST(DiffOfNames, TakesAnArnForTheIdThatItEndsIn) {
    EXPECT_EQ(differences({{{"Key", "abc-1"}}, ValueMap{}, ValueMap{{"Key", "arn:aws:kms:ca-central-1:1:key/abc-1"}}}), Lines{});
    EXPECT_EQ(differences({{{"Key", "arn:aws:kms:ca-central-1:1:key/abc-1"}}, ValueMap{}, ValueMap{{"Key", "abc-2"}}}).size(), 1U);
}

TEST(DiffOfNames, TakesACidrForTheNetworkThatItMeans) {
    EXPECT_EQ(differences({{{"Cidr", "10.0.5.0/16"}}, ValueMap{}, ValueMap{{"Cidr", "10.0.0.0/16"}}}), Lines{});
}

}  // namespace
}  // namespace strata
