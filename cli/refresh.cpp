#include <fmt/format.h>

#include "cli/operation.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

void add_refresh_flags(FlagList& flags, Arguments& into) {
    add_stack_words(flags, into);
    add_environment_flags(flags, into);
    flags.push_back({.name = "--yes", .help = "Do not ask", .target = &into.yes});
    flags.push_back({.name = "--diff", .help = "Show whole values, and documents line by line", .target = &into.diff});
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_refresh(Command& command) {
    auto operation = Operation::begin(command, {.purpose = "refresh", .lock = true});
    if (!operation) return std::move(operation).error();
    if (auto seen = (*operation)->read(); !seen) return std::move(seen).error();
    const auto detail = command.arguments.diff ? PlanDetail::everything : PlanDetail::changes;
    std::vector<StackRun*> drifted;
    std::vector<DriftReport> reports;
    for (const auto& run : (*operation)->runs()) {
        const auto found = run->drift(false);
        if (!found) return found.error();
        command.report.drift(*found, detail);
        if (found->drifted()) drifted.push_back(run.get());
        reports.push_back(*found);
    }
    const auto end = [&]() -> Result<ExitCode> {
        if (auto seen = all_seen(reports); !seen) return std::move(seen).error();
        return ExitCode::ok;
    };
    if (drifted.empty()) return end();
    const auto question = fmt::format("Take what is live into the state of {}?", counted(drifted.size(), "stack"));
    if (auto agreed = confirm(command, question, "yes"); !agreed) return std::move(agreed).error();
    for (auto* run : drifted) {
        const auto accepted = run->accept_live();
        if (!accepted) return accepted.error();
        command.report.note(fmt::format("{}: {} taken over.", run->name(), counted(accepted->size(), "resource")));
    }
    return end();
}

}  // namespace strata::cli
