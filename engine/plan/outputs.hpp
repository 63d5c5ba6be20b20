#pragma once

#include "engine/graph/resolve.hpp"
#include "engine/model/graph.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What becomes of the stack's outputs, put into `plan`. With Plan::destroy all of them go. It is a mistake to give two one
/// name, and to take one away that another stack uses.
void plan_outputs(const Graph& graph, const State& state, Resolver& resolver, Plan& plan);

}  // namespace strata
