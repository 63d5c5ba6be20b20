#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/crypto.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/model/provider.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// Whether a person who writes `pattern` means `address`: it is the same, a glob that fits, or a component above it.
bool names_address(std::string_view pattern, std::string_view address);

/// What a person asked to be in or out of a plan. Addresses or globs.
struct Selection {
    std::vector<std::string> targets;  ///< only these and what they need; empty: everything
    std::vector<std::string> excludes;
    std::vector<std::string> replaces;  ///< replaced even if nothing changed
    [[nodiscard]] bool selects(std::string_view address) const;
    [[nodiscard]] bool leaves_out(std::string_view address) const;
};

/// What the planner works from. Nothing in here is called upon to write or to look again.
struct PlannerInput {
    const ClosedGraph* graph = nullptr;
    const State* state = nullptr;
    const std::map<std::string, ReadResult, std::less<>>* live = nullptr;  ///< by state address (or the program's, for an import)
    std::function<const Provider*(const std::string& instance)> provider;
    std::function<const ResourceType*(std::string_view name)> type;  ///< of what is only in state; nullptr when unknown
    std::function<Value(const LookupNode&, const ValueMap&)> lookup;
    std::function<Value(const StackOutputNode&)> stack_output;
    const SealKey* hash_key = nullptr;
    Selection selection;
    bool destroy = false;   ///< everything goes
    bool offline = false;   ///< nothing was read: state stands for live
    std::string stack_tag;  ///< "foundation.dev": value of the stack tag
};

/// The decide pass: what happens to each resource and why, and in which order.
Plan make_plan(const PlannerInput& input, Diagnostics& diagnostics);

/// The name of the provider instance that a declaration uses.
std::string provider_of(const ResourceDeclaration& declaration);

/// Where a declared resource stands in state: under its address, or under one of its former ones. Empty when nowhere.
std::string state_address(const State& state, const ResourceDeclaration& declaration);

/// The parts that an update leaves as they are: what the resource ignores, and the tags that its provider does. Labels.
std::vector<std::string> ignored_parts(const Graph& graph, const ResourceDeclaration& declaration);

/// What state holds of wanted properties: write-only ones as keyed hashes.
ValueMap stored_form(const ResourceType& type, const ValueMap& properties, const SealKey& key);

/// Keys of the tags that Strata puts on everything taggable.
inline constexpr std::string_view stack_tag_key = "strata:stack";
inline constexpr std::string_view address_tag_key = "strata:address";
inline constexpr std::string_view token_tag_key = "strata:token";

/// The wanted properties of a node's facet, tags of the provider instance and of Strata itself put in.
ValueMap with_tags(const ClosedGraph& graph, const GraphNode& node, ValueMap properties, std::string_view stack_tag);

}  // namespace strata
