#pragma once

#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// Adds an error for each protected resource that would be deleted or replaced.
void refuse_protected(const State& state, Plan& plan);

/// Adds an error when steps wait for each other: they would never start, and the run would look as if all were done.
void refuse_circle(Plan& plan);

}  // namespace strata
