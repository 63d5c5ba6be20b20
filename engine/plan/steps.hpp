#pragma once

#include <vector>

#include "engine/graph/closed_graph.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// Turns what happens to each resource into steps, and says what each waits for:
/// making waits for the making of what is used; taking away waits until everything that used it was taken
/// away or made anew; a replacement's old one goes after the new one came, or before it where two cannot exist.
/// A part that must let go of what a replacement deletes first is updated twice.
/// Facets that need no call of their own when their core goes have no step.
std::vector<PlannedStep> order_steps(const Plan& plan, const ClosedGraph& graph, const State& state, bool destroy);

/// Indices of steps that can never start, because each waits for another of them; empty when there are none.
std::vector<std::size_t> steps_in_a_circle(const std::vector<PlannedStep>& steps);

}  // namespace strata
