#include <fmt/format.h>

#include "cli/budget.hpp"
#include "cli/operation.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"

namespace strata::cli {

void add_destroy_flags(FlagList& flags, Arguments& into) {
    add_stack_words(flags, into);
    add_environment_flags(flags, into);
    add_consent_flags(flags, into);
    add_planning_flags(flags, into);
    flags.push_back({.name = "--continue-on-error",
                     .help = "Destroy the stacks that can be, though another's plan has errors",
                     .target = &into.continue_on_error});
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_destroy(Command& command) {
    auto operation = Operation::begin(command, {.purpose = "destroy", .lock = true, .destroy = true});
    if (!operation) return std::move(operation).error();
    if (auto planned = (*operation)->plan(); !planned) return std::move(planned).error();
    show_plans(command, **operation);
    if (auto sound = plan_errors(command, **operation, !command.arguments.continue_on_error); !sound) return std::move(sound).error();
    if (any_changes(**operation)) {
        const auto plans = (*operation)->plans();
        const auto wanted = plans.size() == 1 ? plans.front()->stack : "yes";
        if (auto agreed = agree(command, **operation, fmt::format("Destroy {}?", subject(**operation, (*operation)->workspace())), wanted);
            !agreed)
            return std::move(agreed).error();
    }
    const auto code = (*operation)->carry_out();
    if (auto seen = all_seen(**operation); !seen && code == ExitCode::ok) return std::move(seen).error();
    return code;
}

}  // namespace strata::cli
