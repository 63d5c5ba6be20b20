#pragma once

#include <cstdint>
#include <span>

#include "engine/base/error.hpp"
#include "engine/deploy/deployment.hpp"

namespace strata::cli {

/// What a command tells its caller (docs/exit-codes.md). An interrupted one answers 128 + the signal's number.
enum class ExitCode : std::uint8_t {
    ok = 0,
    failed = 1,            ///< usage, config, program, declined, or anything before a change was made
    changes_pending = 2,   ///< only with --exit-code
    resources_failed = 3,  ///< state is saved
    lock_held = 4,
    state_unreadable = 5,
    state_not_saved = 6,  ///< a recovery file was written
    wrong_account = 7,
    stale_plan = 8,
    outcome_unknown = 9,
    interrupted = 130,  ///< SIGINT; state is saved
    terminated = 143,   ///< SIGTERM; state is saved
};

ExitCode exit_code_of(ErrorKind kind);
/// The gravest of what became of the stacks. @param signal  that ended the run, 0 when none did
ExitCode exit_code_of(std::span<const StackOutcome> outcomes, int signal);
/// ExitCode::interrupted or ExitCode::terminated.
ExitCode exit_code_of_signal(int signal);

}  // namespace strata::cli
