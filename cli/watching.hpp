#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/deploy/interrupt.hpp"
#include "engine/state/lease.hpp"
#include "engine/state/state.hpp"
#include "engine/state/store.hpp"

namespace strata::cli {

/// Who works on a stack; empty when nobody does. @errors as read_lock()
Result<std::optional<LockOwner>> holder_of(StateStore& store, Clock& clock);

/// Lets some time pass between two looks at what another run writes: half a second, five where each look is paid for. False when
/// interrupted meanwhile.
bool pause_between_looks(StateStore& store, const Interrupt& interrupt);

/// The last update that a run has begun; nullptr when there is none. One that rolls back what failed makes two.
const Update* update_of(const State& state, std::string_view run);

/// A run that ended without giving its lock back: killed, or cut off from its state.
Error run_is_gone(const std::string& stack, const LockRecord& record);

}  // namespace strata::cli
