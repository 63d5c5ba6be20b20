#pragma once

#include <vector>

#include "engine/model/provider.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// Of a part whose making was begun and not seen to its end: what of it is there counts as applied, so that the thing can be taken down
/// with it whatever the program says by then. Empty when nothing of it is there, when state knows the part, and for parts that go by
/// themselves when their thing goes.
std::vector<Mutation> recovered_part(const State& state, const OpenStep& open, const ResourceType& type, Provider& provider);

}  // namespace strata
