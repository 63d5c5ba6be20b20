#pragma once

#include <vector>

#include "engine/graph/closed_graph.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What a replacement that deletes first asks of those that use the thing. Users that are replaced too go first
/// as well: their new ones cannot be there before its new one is. Sets and maps of users (rules, routes, attachments)
/// let go of it and take the new one, so they are planned as updates even where the new one has the same id.
/// @param selected  by graph resource: what the plan is about
void involve_users_of_what_goes_first(Plan& plan, const ClosedGraph& graph, const State& state, const std::vector<bool>& selected);

}  // namespace strata
