#include <ranges>

#include <fmt/format.h>

#include "cli/budget.hpp"
#include "cli/operation.hpp"
#include "cli/rollback.hpp"
#include "cli/saved_plan.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"

namespace strata::cli {

namespace {

void show_outputs(Command& command, const Operation& operation) {
    for (const auto& run : operation.runs())
        if (std::as_const(*run).plan().has_changes()) command.report.outputs(run->name(), run->session().state().outputs);
}

/// The updates of stacks in which steps failed, by number.
std::vector<std::pair<std::string, std::uint64_t>> failed_updates(const Operation& operation) {
    std::vector<std::pair<std::string, std::uint64_t>> failed;
    for (const auto& run : operation.runs()) {
        const auto updates = run->session().state().updates;
        if (!updates.empty() && updates.back().run == operation.run() && updates.back().result == "failed")
            failed.emplace_back(run->name(), updates.back().number);
    }
    return failed;
}

/// `--on-failure rollback`: the last stack first. The command has failed all the same.
ExitCode roll_back_failed(Command& command, const std::vector<std::pair<std::string, std::uint64_t>>& failed) {
    for (const auto& [stack, update] : std::views::reverse(failed)) {
        command.report.note(fmt::format("\nSteps of {} failed: going back to what it was before.", stack));
        const auto undone = roll_back(command, stack, update, false);
        if (!undone) command.report.problem(undone.error(), Severity::error);
    }
    return ExitCode::resources_failed;
}

/// Plan, show, ask, carry out.
Result<ExitCode> up(Command& command, const std::optional<SavedPlan>& saved) {
    auto operation =
        Operation::begin(command, {.purpose = "up", .lock = true, .stacks = saved ? saved->stacks() : std::vector<std::string>{}});
    if (!operation) return std::move(operation).error();
    if (auto planned = (*operation)->plan(); !planned) return std::move(planned).error();
    if (saved)
        if (auto fits = saved->fits(**operation); !fits) return std::move(fits).error();
    show_plans(command, **operation);
    if (auto sound = plan_errors(command, **operation, !command.arguments.continue_on_error); !sound) return std::move(sound).error();
    if (any_changes(**operation)) {
        const auto question = fmt::format("Carry this out for {}?", subject(**operation, (*operation)->workspace()));
        if (auto agreed = agree(command, **operation, question, "yes", !saved); !agreed) return std::move(agreed).error();
    }
    const auto code = (*operation)->carry_out();
    if (code == ExitCode::resources_failed && command.arguments.on_failure == "rollback") {
        const auto failed = failed_updates(**operation);
        operation->reset();  // gives the locks back
        return roll_back_failed(command, failed);
    }
    // Of a run that did not come to its end they would be half the truth, below what went wrong.
    if (code != ExitCode::ok) return code;
    show_outputs(command, **operation);
    if (auto seen = all_seen(**operation); !seen) return std::move(seen).error();
    return code;
}

}  // namespace

void add_up_flags(FlagList& flags, Arguments& into) {
    add_stack_words(flags, into);
    add_environment_flags(flags, into);
    add_consent_flags(flags, into);
    add_planning_flags(flags, into);
    flags.push_back({.name = "--replace",
                     .help = "Replace this address even if nothing changed; may be repeated",
                     .target = &into.replaces,
                     .value = "ADDRESS"});
    flags.push_back({.name = "--plan",
                     .help = "Carry out exactly this saved plan",
                     .target = &into.plan,
                     .value = "FILE",
                     .completion = Completion::file});
    flags.push_back(
        {.name = "--refresh-only", .help = "Take what is live into state and change nothing else", .target = &into.refresh_only});
    flags.push_back({.name = "--on-failure",
                     .help = "When steps fail: stop (the default), or rollback to what the stack was before",
                     .target = &into.on_failure,
                     .value = "WHAT",
                     .allowed = {"stop", "rollback"}});
    flags.push_back({.name = "--continue-on-error",
                     .help = "Carry out the stacks that can be, though another's plan has errors",
                     .target = &into.continue_on_error});
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_up(Command& command) {
    if (command.arguments.refresh_only) return run_refresh(command);
    if (command.arguments.plan.empty()) return up(command, std::nullopt);
    auto saved = SavedPlan::load(command);
    if (!saved) return std::move(saved).error();
    // What was asked for when the plan was saved is asked for again: targets, exclusions, replacements.
    const auto arguments = saved->arguments();
    Command again{.arguments = arguments, .program = command.program, .around = command.around, .report = command.report};
    return up(again, *saved);
}

}  // namespace strata::cli
