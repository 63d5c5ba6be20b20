#pragma once

#include <vector>

#include "engine/base/crypto.hpp"
#include "engine/deploy/executor.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/deploy/read_live.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/session.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What state must learn without any call having been made: properties that the program newly sets to what is live
/// anyway, options (protect, retain_on_delete), fresh outputs. Nothing for what did not change.
std::vector<Mutation> bookkeeping(const Plan& plan, const State& state, const LiveMap& live, const SealKey& key);

/// What the history is to say of a plan that was carried out.
UpdateEnd update_end(const Plan& plan, const Outcome& outcome, double seconds);

/// Provider instances of the plan whose identity state does not hold yet.
std::vector<Mutation> provider_mutations(const Plan& plan, const ProviderSet& providers, const State& state);

/// `refresh`: live values of recorded properties become last-applied ones; resources that are gone leave state.
std::vector<Mutation> accepted_live(const State& state, const LiveMap& live, const ProviderSet& providers, const SealKey& key);

}  // namespace strata
