#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/show_plans.hpp"
#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"
#include "engine/state/difference.hpp"

namespace strata::cli {

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

/// The state as an update left it; one that was killed left what the next one found.
Result<State> state_after(const StateSession& session, const std::string& stack, const std::string& number) {
    const auto state = session.state();
    std::uint64_t wanted = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), wanted);
    const auto at = std::ranges::find(state.updates, wanted, &Update::number);
    if (failure != std::errc{} || end != number.data() + number.size() || at == state.updates.end())
        return usage_error("Unknown update", fmt::format("{} has no update \"{}\" in its history.", stack, number),
                           fmt::format("See what there is:\n  strata state history {}", stack));
    if (at->serial > 0) return session.state_at(at->serial);
    return std::next(at) != state.updates.end() ? session.state_at(std::next(at)->before) : Result<State>{state};
}

Result<State> wanted_state(Command& command, const StateSession& session, const std::string& stack) {
    const auto& arguments = command.arguments;
    if (arguments.has_second == !arguments.file.empty())
        return usage_error("Restore what?", "Either an update's number or --file is wanted.",
                           fmt::format("See the updates:\n  strata state history {}", stack));
    if (arguments.file.empty()) return state_after(session, stack, arguments.second);
    const auto content = command.around.files.read(arguments.file);
    if (!content) return content.error();
    return session.read_document(*content, arguments.file);
}

ValueMap row(const std::string& change, const ResourceState& resource) {
    return {{"change", change}, {"address", resource.address}, {"type", resource.type}, {"id", resource.id}};
}

/// What people see of it: records of resources that come, go or change.
Listing changes_between(const std::string& stack, const State& from, const State& to) {
    Listing listing{.event = "restored_record",
                    .columns = {{"change", ""}, {"address", "ADDRESS"}, {"type", "TYPE"}, {"id", "ID"}},
                    .rows = {},
                    .when_empty = fmt::format("No record of a resource of {} changes.", stack)};
    for (const auto& [address, resource] : to.resources) {
        const auto* known = from.find(address);
        if (known == nullptr) listing.rows.push_back(row("+", resource));
        else if (!same_record(*known, resource)) listing.rows.push_back(row("~", resource));
    }
    for (const auto& [address, resource] : from.resources)
        if (to.find(address) == nullptr) listing.rows.push_back(row("-", resource));
    return listing;
}

}  // namespace

void add_state_restore_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK", .help = "The stack", .target = &into.first, .required = true, .completion = Completion::stack});
    flags.push_back({.name = "UPDATE", .help = "Number of an update (state history): the state as it left it", .target = &into.second});
    flags.push_back({.name = "--file",
                     .help = "A recovery file, or what `state export` has written",
                     .target = &into.file,
                     .value = "FILE",
                     .completion = Completion::file});
    flags.push_back({.name = "--yes", .help = "Do not ask", .target = &into.yes});
    add_environment_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_restore(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto& stack = command.arguments.first;
    auto open = open_state(**workspace, stack, "state restore");
    if (!open) return std::move(open).error();
    auto wanted = wanted_state(command, *open->session, stack);
    if (!wanted) return std::move(wanted).error();
    const auto present = open->session->state();
    if (wanted->lineage != present.lineage && !wanted->lineage.empty())
        return usage_error("It is of another state", fmt::format("{} was begun anew since it was written.", stack),
                           "What exists can be taken over again:\n  strata state recover " + stack);
    auto mutations = difference(present, *wanted);
    if (mutations.empty()) {
        command.report.note(fmt::format("The state of {} holds the same already.", stack));
        return ExitCode::ok;
    }
    command.report.listing(changes_between(stack, present, *wanted));
    command.report.note("Only what is remembered changes; what is live stays as it is, and the next preview shows the difference.");
    if (auto agreed = confirm(command, fmt::format("Restore this state of {}?", stack), "yes"); !agreed) return std::move(agreed).error();
    open->session->begin_update();
    if (auto recorded = open->session->record(std::move(mutations)); !recorded) return std::move(recorded).error();
    if (auto saved = open->session->finish({}); !saved) return std::move(saved).error();
    command.report.note(fmt::format("Restored. See what it means:\n  strata preview {}", stack));
    return ExitCode::ok;
}

}  // namespace strata::cli
