#include "engine/plan/diff.hpp"

#include <array>

#include <gtest/gtest.h>

namespace strata {
namespace {

constexpr Schema text{.shape = PropertyShape::text};
constexpr Schema texts{.shape = PropertyShape::list, .element = &text};
constexpr Schema text_map{.shape = PropertyShape::map, .element = &text};
constexpr std::array<PropertySchema, 2> properties = {{{.name = "Policies", .label = "policies", .schema = &text_map, .facet = 1},
                                                       {.name = "Shelves", .label = "shelves", .schema = &texts}}};
constexpr std::array<Facet, 2> facets = {{{.label = "", .kind = FacetKind::core}, {.label = "policies", .kind = FacetKind::map}}};
constinit const ResourceType type{.name = "test.Thing", .provider = "test", .properties = properties, .facets = facets};

/// One line for each difference: "yours shelves[1]".
std::vector<std::string> differences(std::size_t facet, const ValueMap& desired, const ValueMap& applied, const ValueMap& live) {
    const auto found = diff({.type = &type, .facet = facet, .desired = &desired, .applied = &applied, .live = &live});
    std::vector<std::string> lines;
    for (const auto& change : found.changes) lines.push_back(std::string{name_of(change.origin)} + " " + change.path);
    return lines;
}

ValueMap shelves(ValueList items) { return {{"Shelves", Value{std::move(items)}}}; }

using Lines = std::vector<std::string>;

TEST(Diff, TakesAnEntryOfAMapFacetThatNobodyDeclaredForDrift) {
    const ValueMap ours{{"Policies", Value::map({{"write", "w"}})}};
    const ValueMap live{{"Policies", Value::map({{"theirs", "t"}, {"write", "w"}})}};

    EXPECT_EQ(differences(1, ours, ours, live), Lines{"drift policies[theirs]"});
}

TEST(Diff, TakesAnEntryOfAMapFacetThatWasAppliedAndIsNoLongerWantedForOurs) {
    const ValueMap wanted{{"Policies", Value::map({{"write", "w"}})}};
    const ValueMap both{{"Policies", Value::map({{"theirs", "t"}, {"write", "w"}})}};

    EXPECT_EQ(differences(1, wanted, both, both), Lines{"yours policies[theirs]"});
}

TEST(Diff, TakesAListItemThatWasAppliedAndIsNoLongerWantedForOurs) {
    EXPECT_EQ(differences(0, shelves({"a"}), shelves({"a", "b"}), shelves({"a", "b"})), Lines{"yours shelves[1]"});
}

TEST(Diff, TakesAListItemThatNobodyAppliedForDrift) {
    EXPECT_EQ(differences(0, shelves({"a"}), shelves({"a"}), shelves({"a", "b"})), Lines{"drift shelves[1]"});
}

TEST(Diff, TakesAnItemPutInAtTheHeadOfTheProgramsListForOurs) {
    EXPECT_EQ(differences(0, shelves({"new", "a", "b"}), shelves({"a", "b"}), shelves({"a", "b"})), Lines{"yours shelves[0]"});
}

TEST(Diff, TakesAListItemThatSomebodyTookAwayForDriftWhereverItStood) {
    EXPECT_EQ(differences(0, shelves({"a", "b", "c"}), shelves({"a", "b", "c"}), shelves({"b", "c"})), Lines{"drift shelves[0]"});
}

}  // namespace
}  // namespace strata
