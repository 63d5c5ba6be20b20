#pragma once

#include <vector>

#include "engine/base/error.hpp"
#include "engine/deploy/events.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// How the unfinished steps of earlier runs are settled.
struct Recovery {
    std::vector<Mutation> mutations;  ///< to be recorded by `up`, or applied in memory by `preview`
    std::vector<Event> events;
    std::vector<Error> errors;  ///< steps whose outcome nobody can tell: the run must stop
};

/// What has to be recorded so that what a cut create has left, under `id`, is the resource of its address. Its properties count as
/// applied; what differs is updated by the plan.
std::vector<Mutation> adopted(const State& state, const OpenStep& open, int schema_version, const std::string& id);

/// For each open step finds out what became of it: an interrupted create is looked for by token, name or tags and
/// taken into state when it is there; updates and deletes are closed, because the live read that follows shows
/// what they did.
Recovery recover(const State& state, ProviderSet& providers, const std::string& stack_tag);

}  // namespace strata
