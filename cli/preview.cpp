#include "cli/operation.hpp"
#include "cli/saved_plan.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"

namespace strata::cli {

void add_preview_flags(FlagList& flags, Arguments& into) {
    add_stack_words(flags, into);
    add_environment_flags(flags, into);
    add_planning_flags(flags, into);
    flags.push_back({.name = "--replace",
                     .help = "Replace this address even if nothing changed; may be repeated",
                     .target = &into.replaces,
                     .value = "ADDRESS"});
    flags.push_back({.name = "--offline", .help = "Plan from state alone; look at nothing", .target = &into.offline});
    flags.push_back({.name = "--save-plan",
                     .help = "Write the plan to a file for `up --plan`",
                     .target = &into.save_plan,
                     .value = "FILE",
                     .completion = Completion::file});
    flags.push_back({.name = "--exit-code", .help = "Exit with 2 when there are changes", .target = &into.exit_code});
    add_output_flags(flags, into);
}

Result<ExitCode> run_preview(Command& command) {
    auto operation = Operation::begin(command, {.purpose = "preview"});
    if (!operation) return std::move(operation).error();
    if (auto planned = (*operation)->plan(); !planned) return std::move(planned).error();
    show_plans(command, **operation);
    if (auto sound = plan_errors(command, **operation, true); !sound) return std::move(sound).error();
    if (!command.arguments.save_plan.empty())
        if (auto saved = save_plan(command, **operation); !saved) return std::move(saved).error();
    if (auto seen = all_seen(**operation); !seen) return std::move(seen).error();
    return command.arguments.exit_code && any_changes(**operation) ? ExitCode::changes_pending : ExitCode::ok;
}

}  // namespace strata::cli
