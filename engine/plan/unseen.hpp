#pragma once

#include "engine/graph/closed_graph.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What could not be read is left alone, and may still use other things: those are neither deleted nor replaced either, nor
/// what they in turn use. Their PlannedResource::unreadable says for whose sake.
void hold_back_what_unseen_things_use(Plan& plan, const State& state);

/// What needs a value that only such a thing can give, and what in turn needs a value of that, waits for a later run.
/// PlannedResource::unreadable says what it waits for.
void hold_back_what_needs_unseen_things(Plan& plan, const ClosedGraph& graph);

}  // namespace strata
