#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/base/crypto.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/model/provider.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/selection.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What the planner works from. Nothing in here is called upon to write or to look again.
struct PlannerInput {
    const ClosedGraph* graph = nullptr;
    const State* state = nullptr;
    const std::map<std::string, ReadResult, std::less<>>* live = nullptr;  ///< by state address (or the program's, for an import)
    std::function<const Provider*(const std::string& instance)> provider;
    std::function<const ResourceType*(std::string_view name)> type;  ///< of what is only in state; nullptr when unknown
    std::function<Value(const LookupNode&, const ValueMap&)> lookup;
    std::function<Value(const StackOutputNode&)> stack_output;
    /// Whether two provider instances lead to the same account and region.
    std::function<bool(const std::string& one, const std::string& other)> same_place;
    const SealKey* hash_key = nullptr;
    Selection selection;
    std::set<std::string, std::less<>> unsettled = {};  ///< state addresses: changed by an earlier run that did not see the end of it
    bool destroy = false;                               ///< everything goes
    bool offline = false;                               ///< nothing was read: state stands for live
    std::string stack_tag;                              ///< "foundation.dev": value of the stack tag
};

/// The decide pass: what happens to each resource and why, and in which order.
Plan make_plan(const PlannerInput& input, Diagnostics& diagnostics);

}  // namespace strata
