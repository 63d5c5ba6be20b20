#pragma once

#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What could not be read is left alone, and may still use other things: those are neither deleted nor replaced either, nor
/// what they in turn use. Their PlannedResource::unreadable says for whose sake.
void hold_back_what_unseen_things_use(Plan& plan, const State& state);

}  // namespace strata
