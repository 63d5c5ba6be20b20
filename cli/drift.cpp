#include <algorithm>

#include "cli/operation.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"

namespace strata::cli {

void add_drift_flags(FlagList& flags, Arguments& into) {
    add_stack_words(flags, into);
    add_environment_flags(flags, into);
    flags.push_back(
        {.name = "--target", .help = "Only this address; globs allowed, may be repeated", .target = &into.targets, .value = "ADDRESS"});
    flags.push_back(
        {.name = "--exclude", .help = "Not this address; globs allowed, may be repeated", .target = &into.excludes, .value = "ADDRESS"});
    flags.push_back(
        {.name = "--full", .help = "Read every part of a resource, and show what was set beside the program", .target = &into.full});
    flags.push_back({.name = "--diff", .help = "Show whole values, and documents line by line", .target = &into.diff});
    flags.push_back({.name = "--exit-code", .help = "Exit with 2 when something drifted", .target = &into.exit_code});
    add_output_flags(flags, into);
}

Result<ExitCode> run_drift(Command& command) {
    auto operation = Operation::begin(command, {.purpose = "drift"});
    if (!operation) return std::move(operation).error();
    if (auto seen = (*operation)->read(); !seen) return std::move(seen).error();
    std::vector<DriftReport> reports;
    for (const auto& run : (*operation)->runs()) {
        const auto found = run->drift(command.arguments.full);
        if (!found) return found.error();
        command.report.drift(*found, command.arguments.diff ? PlanDetail::everything : PlanDetail::changes);
        reports.push_back(*found);
    }
    if (auto seen = all_seen(reports); !seen) return std::move(seen).error();
    const bool any = std::ranges::any_of(reports, &DriftReport::drifted);
    return command.arguments.exit_code && any ? ExitCode::changes_pending : ExitCode::ok;
}

}  // namespace strata::cli
