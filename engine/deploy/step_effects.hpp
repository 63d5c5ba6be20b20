#pragma once

#include <vector>

#include "engine/base/crypto.hpp"
#include "engine/deploy/present.hpp"
#include "engine/model/provider.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/state.hpp"

namespace strata {

// What state holds after a step. All of these only compute: they are called on the threads of workers.

/// After a create or an update of one facet. A created core puts the whole resource, and sets the one that it replaces
/// aside where both exist for a while.
std::vector<Mutation> effects_of_making(const PlannedResource& planned, const PlannedFacet& facet, const Step& step,
                                        const Progress& progress, const SealKey& key);

/// After a delete of a facet, or of the whole resource.
/// @param before state as it was when the plan was made
std::vector<Mutation> effects_of_removing(const PlannedResource& planned, const PlannedStep& step, const State& before);

/// Taken over as it is: what is live counts as applied, where the program sets the same property.
std::vector<Mutation> effects_of_adopting(const PlannedResource& planned, const Present& present, const SealKey& key);

/// State lets go of it; the service keeps it.
std::vector<Mutation> effects_of_forgetting(const PlannedResource& planned, const PlannedStep& step, const State& before);

/// A planned update that, everything known, changes nothing: what is wanted counts as applied.
std::vector<Mutation> effects_of_no_change(const PlannedResource& planned, const PlannedFacet& facet, const ValueMap& desired,
                                           const SealKey& key);

}  // namespace strata
