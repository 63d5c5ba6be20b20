#pragma once

#include <cstdint>
#include <string>
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
    std::vector<Error> errors;           ///< steps whose outcome nobody can tell: the run must stop
    std::vector<std::string> unsettled;  ///< addresses of what may still be being made or changed
};

/// What has to be recorded so that what a cut create has left, under `id`, is the resource of its address. Its properties count as
/// applied; what differs is updated by the plan.
std::vector<Mutation> adopted(const State& state, const OpenStep& open, int schema_version, const std::string& id);

/// What to do about steps that can be gone on with (is_handed_over): leave them to the plan, or settle them too, because the plan has no
/// use for them.
enum class HandedOver : std::uint8_t { left_open, settled };

/// For each open step finds out what became of it: an interrupted create is looked for by token, name or tags and
/// taken into state when it is there; updates and deletes are closed, because the live read that follows shows
/// what they did.
Recovery recover(const State& state, ProviderSet& providers, const std::string& stack_tag, HandedOver handed_over = HandedOver::left_open);

}  // namespace strata
