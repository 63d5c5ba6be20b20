#pragma once

#include <vector>

#include "engine/state/mutation.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What has to be recorded so that state `from` holds what `to` holds: resources, outputs, unfinished steps, users. What belongs to the
/// life of the state itself stays (lineage, serial, history), and so do provider instances that only `from` knows.
std::vector<Mutation> difference(const State& from, const State& to);

/// True when two records of a resource say the same.
bool same_record(const ResourceState& one, const ResourceState& other);

}  // namespace strata
