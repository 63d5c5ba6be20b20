#include <algorithm>

#include <fmt/format.h>

#include "cli/render/events_json.hpp"
#include "cli/render/value_text.hpp"
#include "cli/state_access.hpp"
#include "cli/update_listing.hpp"
#include "cli/verb_list.hpp"

namespace strata::cli {

namespace {

/// The one stack that a verb is about: the word given, or the program's only one.
Result<std::string> one_stack(const Command& command) {
    const auto& named = command.arguments.first;
    return named.empty() ? only_stack(command.program.stacks) : Result<std::string>{named};
}

void add_one_stack(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK",
                     .help = "The stack; may be left out when the program has one",
                     .target = &into.first,
                     .completion = Completion::stack});
}

}  // namespace

void add_stack_ls_flags(FlagList& flags, Arguments& into) {
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_stack_ls(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto known = (*workspace)->known_stacks();
    if (!known) return known.error();
    const auto deployed = (*workspace)->deployed_stacks();
    if (!deployed) return deployed.error();
    Listing listing{.event = "stack",
                    .columns = {{"stack", "STACK"},
                                {"resources", "RESOURCES", true},
                                {"serial", "SERIAL", true},
                                {"updated", "LAST UPDATE"},
                                {"note", ""}},
                    .rows = {},
                    .when_empty = "The program has no stacks."};
    for (const auto& stack : *known) {
        const bool declared = std::ranges::find(command.program.stacks, stack) != command.program.stacks.end();
        ValueMap row{
            {"stack", stack}, {"resources", 0}, {"serial", 0}, {"updated", ""}, {"note", declared ? "" : "no longer in the program"}};
        if (std::ranges::find(*deployed, stack) != deployed->end()) {
            const auto open = open_state(**workspace, stack);
            if (!open) return open.error();
            const auto state = open->session->state();
            row.set("resources", static_cast<std::int64_t>(state.resources.size()));
            row.set("serial", static_cast<std::int64_t>(state.serial));
            if (!state.updates.empty()) row.set("updated", state.updates.back().began);
        } else {
            row.set("note", "not deployed");
        }
        listing.rows.push_back(std::move(row));
    }
    command.report.listing(listing);
    return ExitCode::ok;
}

void add_stack_outputs_flags(FlagList& flags, Arguments& into) {
    add_one_stack(flags, into);
    flags.push_back({.name = "NAME", .help = "Only this output, and nothing but its value", .target = &into.second});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_stack_outputs(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto stack = one_stack(command);
    if (!stack) return stack.error();
    const auto open = open_state(**workspace, *stack);
    if (!open) return open.error();
    const auto state = open->session->state();
    if (!command.arguments.has_second) {
        if (state.outputs.empty() && !command.arguments.json) command.report.note(fmt::format("{} has no outputs.", *stack));
        else command.report.outputs(*stack, state.outputs);
        return ExitCode::ok;
    }
    const auto at = state.outputs.find(command.arguments.second);
    if (at == state.outputs.end())
        return Error{.kind = ErrorKind::usage,
                     .summary = "Unknown output",
                     .cause = fmt::format("{} has no output \"{}\".", *stack, command.arguments.second),
                     .remedy = fmt::format("See what it has:\n  strata stack outputs {}", *stack)};
    const auto* text = at->second.string();
    command.report.raw((text != nullptr ? *text : value_text(at->second)) + "\n");
    return ExitCode::ok;
}

void add_stack_history_flags(FlagList& flags, Arguments& into) {
    add_one_stack(flags, into);
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_stack_history(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto stack = one_stack(command);
    if (!stack) return stack.error();
    const auto deployed = (*workspace)->deployed_stacks();
    if (!deployed) return deployed.error();
    std::vector<Update> updates;
    if (std::ranges::find(*deployed, *stack) != deployed->end()) {
        const auto open = open_state(**workspace, *stack);
        if (!open) return open.error();
        updates = open->session->state().updates;
    }
    command.report.listing(update_listing(*stack, updates, fmt::format("{} has no history in {}.", *stack, (*workspace)->environment())));
    return ExitCode::ok;
}

}  // namespace strata::cli
