#include <ostream>

#include <gtest/gtest.h>

#include "tests/engine/plan/gadget.hpp"

// Who made a difference: desired by the program, last applied, live.

namespace strata {
namespace {

using Lines = std::vector<std::string>;

struct Row {
    const char* name;
    Sides sides;
    Lines expected;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class ThreeWay : public testing::TestWithParam<Row> {};

TEST_P(ThreeWay, TellsWhoMadeTheDifference) { EXPECT_EQ(differences(GetParam().sides), GetParam().expected); }

ValueMap text(const char* value) { return {{"Text", value}}; }
ValueMap count(int value) { return {{"Count", value}}; }
const ValueMap none{};
const ValueMap reset_text{{"Text", nullptr}};
const ValueMap reset_count{{"Count", nullptr}};

INSTANTIATE_TEST_SUITE_P(
    Diff, ThreeWay,
    testing::Values(
        Row{"AllAlike", {text("a"), text("a"), text("a")}, {}},                                                                    //
        Row{"ProgramChanged", {text("b"), text("a"), text("a")}, {R"(text: "a" -> "b" (yours))"}},                                 //
        Row{"SomebodyChanged", {text("a"), text("a"), text("b")}, {R"(text: "b" -> "a" (drift))"}},                                //
        Row{"BothChanged", {text("c"), text("a"), text("b")}, {R"(text: "b" -> "c" (both))"}},                                     //
        Row{"BothChangedAlike", {text("b"), text("a"), text("b")}, {}},                                                            //
        Row{"SomebodyTookItAway", {text("a"), text("a"), none}, {R"(text: none -> "a" (drift))"}},                                 //
        Row{"SomebodyTookAwayWhatChanged", {text("b"), text("a"), none}, {R"(text: none -> "b" (both))"}},                         //
        Row{"NewProperty", {text("a"), none, none}, {R"(text: none -> "a" (yours))"}},                                             //
        Row{"NewPropertyThatIsThereAlready", {text("a"), none, text("a")}, {}},                                                    //
        Row{"ImportedAlike", {text("a"), std::nullopt, text("a")}, {}},                                                            //
        Row{"ImportedOtherwise", {text("a"), std::nullopt, text("b")}, {R"(text: "b" -> "a" (yours))"}},                           //
        Row{"NotReadLiveSoAppliedStandsIn", {text("b"), text("a"), std::nullopt}, {R"(text: "a" -> "b" (yours))"}},                //
        Row{"NeverSet", {none, none, text("a")}, {}},                                                                              //
        Row{"NoLongerSetWithoutDefault", {none, text("a"), text("a")}, {"no longer managed: text"}},                               //
        Row{"NoLongerSetAndGoneAlready", {none, text("a"), none}, {}},                                                             //
        Row{"NoLongerSetWithDefault", {none, count(3), count(3)}, {"count: 3 -> 1 (yours)"}},                                      //
        Row{"NoLongerSetWithDefaultAndChanged", {none, count(3), count(5)}, {"count: 5 -> 1 (both)"}},                             //
        Row{"NoLongerSetAndAtItsDefault", {none, count(3), count(1)}, {}},                                                         //
        Row{"SetToItsDefaultAndAbsent", {count(1), none, none}, {}},                                                               //
        Row{"SetToItsDefaultAndOtherwise", {count(1), count(1), count(2)}, {"count: 2 -> 1 (drift)"}},                             //
        Row{"Reset", {reset_text, text("a"), text("a")}, {R"(text: "a" -> null (yours))"}},                                        //
        Row{"ResetToTheDefault", {reset_count, count(3), count(3)}, {"count: 3 -> 1 (yours)"}},                                    //
        Row{"ResetAndDone", {reset_text, none, none}, {}},                                                                         //
        Row{"ResetAndAtItsDefault", {reset_count, none, count(1)}, {}},                                                            //
        Row{"ResetAndSetBySomebody", {reset_text, none, text("b")}, {R"(text: "b" -> null (drift))"}},                             //
        Row{"EmptyTextAndAbsent", {text(""), none, none}, {}},                                                                     //
        Row{"Unknown", {{{"Text", Value::unknown("vpc.id")}}, text("a"), text("a")}, {R"(text: "a" -> unknown vpc.id (yours))"}},  //
        Row{"UnknownAndNotThere", {{{"Text", Value::unknown("vpc.id")}}, none, none}, {"text: none -> unknown vpc.id (yours)"}}),
    [](const auto& row) { return row.param.name; });

TEST(DiffOfStructures, LeavesMembersAloneThatTheProgramNeverSet) {
    EXPECT_EQ(differences({{{"Part", Value::map({{"Size", 1}})}},
                           ValueMap{{"Part", Value::map({{"Size", 1}})}},
                           ValueMap{{"Part", Value::map({{"Mode", "manual"}, {"Size", 1}})}}}),
              Lines{});
}

TEST(DiffOfStructures, TellsEachMemberApart) {
    EXPECT_EQ(differences({{{"Part", Value::map({{"Mode", "a"}, {"Size", 2}})}},
                           ValueMap{{"Part", Value::map({{"Mode", "a"}, {"Size", 1}})}},
                           ValueMap{{"Part", Value::map({{"Mode", "b"}, {"Size", 1}})}}}),
              (Lines{R"(part.mode: "b" -> "a" (drift))", "part.size: 1 -> 2 (yours)"}));
}

TEST(DiffOfStructures, TakesAMemberBackThatIsNoLongerSet) {
    EXPECT_EQ(differences({{{"Part", Value::map({{"Tier", "x"}})}},
                           ValueMap{{"Part", Value::map({{"Mode", "a"}, {"Size", 1}, {"Tier", "x"}})}},
                           ValueMap{{"Part", Value::map({{"Mode", "a"}, {"Size", 1}, {"Tier", "X"}})}}}),
              (Lines{R"(part.mode: "a" -> "auto" (yours))", "part.size: 1 -> none (yours)"}));
}

TEST(DiffOfStructures, KnowsAMembersDefaultWhereTheServiceLeavesItOut) {
    EXPECT_EQ(differences({{{"Part", Value::map({{"Mode", "auto"}})}}, none, ValueMap{{"Part", Value::map({{"Size", 1}})}}}), Lines{});
}

TEST(DiffOfMaps, LeavesForeignEntriesOfACorePropertyAlone) {
    EXPECT_EQ(differences({{{"Labels", Value::map({{"a", "1"}})}},
                           ValueMap{{"Labels", Value::map({{"a", "1"}, {"b", "2"}})}},
                           ValueMap{{"Labels", Value::map({{"a", "9"}, {"b", "2"}, {"theirs", "x"}})}}}),
              (Lines{R"(labels[a]: "9" -> "1" (drift))", R"(labels[b]: "2" -> none (yours))"}));
}

TEST(DiffOfMaps, TakesForeignEntriesOfAFacetAsDrift) {
    EXPECT_EQ(differences({.desired = {{"Parameters", Value::map({{"a", "1"}})}},
                           .applied = ValueMap{{"Parameters", Value::map({{"a", "1"}})}},
                           .live = ValueMap{{"Parameters", Value::map({{"a", "1"}, {"theirs", "x"}})}},
                           .facet = 2}),
              Lines{R"(parameters[theirs]: "x" -> none (drift))"});
}

TEST(DiffOfTags, OwnsThemKeyByKey) {
    EXPECT_EQ(differences({{{"Tags", Value::map({{"a", "1"}, {"b", "2"}})}},
                           ValueMap{{"Tags", Value::map({{"a", "1"}, {"old", "x"}})}},
                           ValueMap{{"Tags", Value::map({{"a", "9"}, {"old", "x"}, {"theirs", "y"}})}}}),
              (Lines{R"(tags[a]: "9" -> "1" (drift))", R"(tags[b]: none -> "2" (yours))", R"(tags[old]: "x" -> none (yours))"}));
}

TEST(DiffOfTags, TakesOursAwayWhenTheProgramSetsNoneAnyMore) {
    EXPECT_EQ(
        differences({none, ValueMap{{"Tags", Value::map({{"a", "1"}})}}, ValueMap{{"Tags", Value::map({{"a", "1"}, {"theirs", "y"}})}}}),
        Lines{R"(tags[a]: "1" -> none (yours))"});
}

TEST(DiffOfTags, NeverLooksAtIgnoredKeys) {
    EXPECT_EQ(differences({.desired = {{"Tags", Value::map({{"a", "1"}, {"cost:team", "us"}})}},
                           .applied = none,
                           .live = ValueMap{{"Tags", Value::map({{"a", "1"}, {"cost:team", "them"}})}},
                           .ignore_tags = {"cost:*"}}),
              Lines{});
}

TEST(DiffOfSecrets, MasksBothSidesOfASecretProperty) {
    const auto diff = diff_of({{{"Text", Value::secret("new")}}, ValueMap{{"Text", Value::secret("old")}}, text("old")});

    ASSERT_EQ(diff.changes.size(), 1U);
    EXPECT_TRUE(diff.changes[0].before == Value::secret("old"));
    EXPECT_TRUE(diff.changes[0].after == Value::secret("new"));
}

TEST(DiffOfSecrets, MasksEveryPartOfASecretListOrMapAndNamesNoneOfThem) {
    const auto whole = [](const char* text) {
        return ValueMap{{"Items", Value::secret(Value::list({text}))},
                        {"Labels", Value::secret(Value::map({{"a", text}}))},
                        {"Members", Value::secret(Value::list({text}))}};
    };
    const ValueMap live{
        {"Items", Value::list({"canary-old"})}, {"Labels", Value::map({{"a", "canary-old"}})}, {"Members", Value::list({"canary-old"})}};

    EXPECT_EQ(differences({whole("canary-new"), whole("canary-old"), live}),
              (Lines{R"x(items[0]: "(secret)" -> "(secret)" (yours))x", R"x(labels[a]: "(secret)" -> "(secret)" (yours))x",
                     R"x(members[0]: none -> "(secret)" (yours))x", R"x(members[0]: "(secret)" -> none (yours))x"}));
}

TEST(DiffOfSecrets, NamesNoSecretItemOfASet) {
    const ValueMap desired{{"Members", Value::list({"open", Value::secret("canary")})}};

    EXPECT_EQ(differences({desired, ValueMap{}, ValueMap{}}), Lines{R"x(members: none -> ["open","(secret)"] (yours))x"});
    EXPECT_EQ(differences({desired, ValueMap{}, ValueMap{{"Members", Value::list({"open"})}}}),
              Lines{R"x(members[1]: none -> "(secret)" (yours))x"});
}

TEST(DiffOfSecrets, MasksWhatWasSecretWhenItIsNoLonger) {
    const auto diff = diff_of({text("open"), ValueMap{{"Text", Value::secret("old")}}, text("old")});

    ASSERT_EQ(diff.changes.size(), 1U);
    EXPECT_TRUE(diff.changes[0].before == Value::secret("old"));
}

TEST(DiffOfSecrets, FindsNoDifferenceWhereOnlyTheMarkDiffers) {
    EXPECT_EQ(differences({{{"Text", Value::secret("x")}}, ValueMap{{"Text", Value::secret("x")}}, text("x")}), Lines{});
}

TEST(DiffOfWriteOnly, ComparesWithTheHashThatWasKept) {
    const ValueMap password{{"Password", "hunter2"}};
    const ValueMap kept{{"Password", hash_of("hunter2")}};

    EXPECT_EQ(differences({password, kept, none}), Lines{});
    EXPECT_EQ(differences({{{"Password", "other"}}, kept, none}), Lines{"password: none -> \"(secret)\" (yours)"});
    EXPECT_EQ(differences({{{"Password", Value::unknown("x")}}, kept, none}), Lines{"password: none -> unknown x (yours)"});
    EXPECT_EQ(differences({none, kept, none}), Lines{});
}

// Of what is neither secret nor large the value itself is kept.
TEST(DiffOfWriteOnly, ComparesWithTheValueThatWasKept) {
    const ValueMap kept{{"Password", "hunter2"}};

    EXPECT_EQ(differences({kept, kept, none}), Lines{});
    EXPECT_EQ(differences({{{"Password", Value::secret("hunter2")}}, kept, none}), Lines{});
    EXPECT_EQ(differences({{{"Password", "other"}}, kept, none}).size(), 1U);
}

TEST(DiffOfWriteOnly, SeesByItsWitnessThatSomebodyChangedIt) {
    Sides sides{.desired = {{"Password", "hunter2"}},
                .applied = ValueMap{{"Password", hash_of("hunter2")}},
                .live = none,
                .applied_outputs = ValueMap{{"Version", "1"}},
                .live_outputs = ValueMap{{"Version", "1"}}};
    EXPECT_EQ(differences(sides), Lines{});

    sides.live_outputs = ValueMap{{"Version", "2"}};
    EXPECT_EQ(differences(sides), Lines{R"x(password: "(secret)" -> "(secret)" (drift))x"});

    sides.desired = {{"Password", "other"}};
    EXPECT_EQ(differences(sides), Lines{R"x(password: "(secret)" -> "(secret)" (both))x"});
}

TEST(DiffOfWriteOnly, TakesAWitnessThatIsMissingForNone) {
    Sides sides{.desired = {{"Password", "hunter2"}},
                .applied = ValueMap{{"Password", hash_of("hunter2")}},
                .live = none,
                .applied_outputs = ValueMap{},
                .live_outputs = ValueMap{{"Version", "2"}}};
    EXPECT_EQ(differences(sides), Lines{}) << "state was written before there was one";

    sides.applied_outputs = ValueMap{{"Version", "1"}};
    sides.live_outputs = ValueMap{};
    EXPECT_EQ(differences(sides), Lines{});
}

TEST(DiffOfWriteOnly, AssumesEqualWhatNothingIsKnownOf) {
    EXPECT_EQ(differences({{{"Password", "hunter2"}}, std::nullopt, none}), Lines{"assumed equal: password"});
}

TEST(DiffOfWriteOnly, DoesNotSendAnEmptyOneThatTheProgramSetsAnew) {
    EXPECT_EQ(differences({{{"Password", ""}}, ValueMap{}, none}), Lines{});
}

TEST(DiffOfWriteOnly, SendsOneThatTheProgramSetsAnew) {
    EXPECT_EQ(differences({{{"Password", "hunter2"}}, text("a"), text("a")}),
              (Lines{"password: none -> \"(secret)\" (yours)", "no longer managed: text"}));
}

TEST(DiffOfLocalProperties, ComparesWithWhatWasAppliedFor_NoReadAnswersThem) {
    EXPECT_EQ(differences({{{"ForceDestroy", "yes"}}, ValueMap{{"ForceDestroy", "yes"}}, none}), Lines{});
    EXPECT_EQ(differences({{{"ForceDestroy", "no"}}, ValueMap{{"ForceDestroy", "yes"}}, none}),
              Lines{R"(force_destroy: "yes" -> "no" (yours))"});
}

TEST(DiffOfAdditionalMembers, ComparesThemWithWhatWasApplied) {
    EXPECT_EQ(differences({{{"NewMember", 2}}, ValueMap{{"NewMember", 1}}, none}), Lines{"new_member: 1 -> 2 (yours)"});
    EXPECT_EQ(differences({{{"NewMember", 2}}, ValueMap{{"NewMember", 2}}, none}), Lines{});
}

TEST(DiffOptions, IgnoresChangesOfAPropertyOrOfAPartBelowIt) {
    const Sides sides{.desired = {{"Part", Value::map({{"Mode", "a"}, {"Size", 1}})}, {"Text", "a"}},
                      .applied = none,
                      .live = ValueMap{{"Part", Value::map({{"Mode", "b"}, {"Size", 2}})}, {"Text", "b"}}};
    auto ignoring = [&](std::vector<std::string> paths) {
        auto with = sides;
        with.ignore_changes = std::move(paths);
        return differences(with);
    };

    EXPECT_EQ(ignoring({"part"}), Lines{R"(text: "b" -> "a" (yours))"});
    EXPECT_EQ(ignoring({"part.mode", "text"}), Lines{"part.size: 2 -> 1 (yours)"});
    EXPECT_EQ(ignoring({"*"}), Lines{});
    EXPECT_EQ(ignoring({"par"}).size(), 3U) << "a path names whole steps";
}

TEST(DiffOptions, ReplacesOnWhatThePropertyOrTheOptionsSay) {
    EXPECT_EQ(
        differences({.desired = {{"Cidr", "10.0.0.0/16"}, {"Part", Value::map({{"Size", 2}})}},
                     .applied = none,
                     .live = ValueMap{{"Cidr", "10.1.0.0/16"}, {"Part", Value::map({{"Size", 1}})}},
                     .replace_on_changes = {"part.size"}}),
        (Lines{R"(cidr: "10.1.0.0/16" -> "10.0.0.0/16" (yours) forces replacement)", "part.size: 1 -> 2 (yours) forces replacement"}));
}

TEST(DiffOptions, PointsAtThePropertysPlace) {
    Locations locations;
    const auto where = std::source_location::current();
    locations.add("Part.Size", where);
    const ValueMap desired{{"Part", Value::map({{"Size", 2}})}};
    const ValueMap live{{"Part", Value::map({{"Size", 1}})}};
    const auto found = diff({.type = &gadget_type, .desired = &desired, .live = &live, .locations = &locations});

    ASSERT_EQ(found.changes.size(), 1U);
    EXPECT_EQ(found.changes[0].where, Location::of(where));
}

TEST(DiffAsAWhole, ReplacesIfChangedOnlyWhereEveryReplacingValueIsUnknown) {
    const ValueMap live{{"Cidr", "10.0.0.0/16"}, {"Text", "a"}};
    const auto unknown = diff_of({{{"Cidr", Value::unknown("x")}, {"Text", "b"}}, live, live});
    const auto known = diff_of({{{"Cidr", "10.1.0.0/16"}, {"Text", Value::unknown("x")}}, live, live});
    const auto neither = diff_of({{{"Cidr", "10.0.0.0/16"}, {"Text", "b"}}, live, live});

    EXPECT_TRUE(unknown.replaces() && unknown.replaces_if_changed());
    EXPECT_TRUE(known.replaces() && !known.replaces_if_changed());
    EXPECT_TRUE(!neither.replaces() && !neither.replaces_if_changed());
    EXPECT_EQ(unknown.changed_properties(), (Lines{"Cidr", "Text"}));
}

}  // namespace
}  // namespace strata
