#pragma once

#include "engine/model/graph.hpp"
#include "engine/plan/known.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/planner.hpp"

namespace strata {

/// Waits for what an earlier run began to make, if that is what the program wants by now.
void go_on_with_creation(const PlannerInput& input, const ResourceDeclaration& declaration, PlannedResource& planned);

/// Waits for what an earlier run began to delete.
void go_on_with_removal(const Known& known, PlannedResource& planned);

/// A replacement that deletes first was cut while its old one went: what is left of it goes on going. True when that is so.
bool go_on_with_replacement(const Known& known, PlannedResource& planned);

/// What an earlier run changed is waited for, though nothing of it differs any more: what uses it must not come too early. True when
/// that is so.
bool wait_for_change(const PlannerInput& input, PlannedResource& planned);

}  // namespace strata
