#include "cli/exit_code.hpp"

#include <algorithm>
#include <csignal>

namespace strata::cli {

ExitCode exit_code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::resources_failed: return ExitCode::resources_failed;
        case ErrorKind::lock_held: return ExitCode::lock_held;
        case ErrorKind::state_unreadable: return ExitCode::state_unreadable;
        case ErrorKind::state_not_saved: return ExitCode::state_not_saved;
        case ErrorKind::wrong_account: return ExitCode::wrong_account;
        case ErrorKind::stale_plan: return ExitCode::stale_plan;
        case ErrorKind::outcome_unknown: return ExitCode::outcome_unknown;
        case ErrorKind::interrupted: return ExitCode::interrupted;
        case ErrorKind::usage:
        case ErrorKind::invalid_config:
        case ErrorKind::invalid_program:
        case ErrorKind::declined:
        case ErrorKind::credentials:
        case ErrorKind::network:
        case ErrorKind::timeout:
        case ErrorKind::throttled:
        case ErrorKind::access_denied:
        case ErrorKind::not_found:
        case ErrorKind::conflict:
        case ErrorKind::service:
        case ErrorKind::protocol:
        case ErrorKind::io:
        case ErrorKind::internal: return ExitCode::failed;
    }
    return ExitCode::failed;
}

ExitCode exit_code_of_signal(int signal) { return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted; }

ExitCode exit_code_of(std::span<const StackOutcome> outcomes, int signal) {
    const auto any = [&](auto test) { return std::ranges::any_of(outcomes, test); };
    for (const auto& stack : outcomes)
        if (stack.outcome.state_error) {
            const auto kind = stack.outcome.state_error->kind;
            return kind == ErrorKind::stale_plan ? ExitCode::stale_plan : ExitCode::state_not_saved;
        }
    if (any([](const StackOutcome& stack) {
            return std::ranges::any_of(stack.outcome.failures,
                                       [](const Outcome::Failure& failure) { return failure.error.kind == ErrorKind::outcome_unknown; });
        }))
        return ExitCode::outcome_unknown;
    if (any([](const StackOutcome& stack) { return stack.outcome.interrupted; })) return exit_code_of_signal(signal);
    if (any([](const StackOutcome& stack) { return !stack.outcome.ok(); })) return ExitCode::resources_failed;
    return ExitCode::ok;
}

}  // namespace strata::cli
