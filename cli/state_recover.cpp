#include <algorithm>

#include <fmt/format.h>

#include "cli/operation.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::string_view purpose = "state recover";

std::string named_stacks(const Arguments& arguments) { return arguments.stacks.empty() ? "--all" : join(arguments.stacks, " "); }

/// Damaged states are not written over unasked: somebody may still have the right key or a good copy.
Error with_way_out(Error error, const Arguments& arguments) {
    if (error.kind != ErrorKind::state_unreadable) return error;
    error.remedy +=
        fmt::format("\nOr put it aside, and rebuild it from what there is in the account:\n  strata state recover {} --set-aside",
                    named_stacks(arguments));
    return error;
}

// --- --set-aside ---

/// Under the lock: a run that works on the stack would be left without its state.
Status set_aside(Command& command, Workspace& workspace, const std::string& stack) {
    const auto store = workspace.store(stack);
    const auto lease = Lease::take(store->objects(), store->lock_name(), workspace.lock_request(purpose), command.around.clock);
    if (!lease) return lease.error();
    const auto session = workspace.session(*store, stack);
    if (session) {
        command.report.note(fmt::format("The state of {} can be opened: it stays where it is.", stack));
        return {};
    }
    if (session.error().kind != ErrorKind::state_unreadable) return session.error();
    // What the disk does not give may be whole.
    if (const auto snapshot = store->read_snapshot(); !snapshot) return snapshot.error();
    if (const auto segments = store->read_segments(0); !segments) return segments.error();
    const auto name = fmt::format("unreadable-{}", iso8601_basic(command.around.clock.now()));
    if (auto moved = store->archive(name); !moved) return moved;
    command.report.note(fmt::format("The state of {} cannot be opened; it was put aside: {}.", stack,
                                    workspace.store(fmt::format("{}.{}", stack, name))->location()));
    return {};
}

Status set_aside_what_cannot_be_opened(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto chosen = (*workspace)->chosen_stacks(command.program.stacks);
    if (!chosen) return chosen.error();
    const auto deployed = (*workspace)->deployed_stacks();
    if (!deployed) return deployed.error();
    for (const auto& stack : *chosen)
        if (std::ranges::find(*deployed, stack) != deployed->end())
            if (auto moved = set_aside(command, **workspace, stack); !moved) return moved;
    return {};
}

// --- what was found out ---

ValueMap row(std::string_view finding, const std::string& stack, const std::string& address, std::string_view type, std::string_view id,
             std::string_view detail) {
    return {{"finding", finding}, {"stack", stack}, {"address", address}, {"type", type}, {"id", id}, {"detail", detail}};
}

/// A table with a line above it; nothing at all when it has no row.
void show(Command& command, const std::string& title, std::vector<Column> columns, std::vector<ValueMap> rows) {
    if (rows.empty()) return;
    if (!command.arguments.json) command.report.note("\n" + title);
    command.report.listing({.event = "recovery_finding", .columns = std::move(columns), .rows = std::move(rows), .when_empty = {}});
}

void show_missing(Command& command, const std::vector<Rediscovery>& reports) {
    std::vector<ValueMap> rows;
    for (const auto& report : reports)
        for (const auto& one : report.missing) rows.push_back(row("missing", report.stack, one.address, one.type, "", ""));
    show(command,
         "Declared, but not there; the next `strata up` creates it:", {{"stack", "STACK"}, {"address", "ADDRESS"}, {"type", "TYPE"}},
         std::move(rows));
}

void show_unmatched(Command& command, const std::vector<Rediscovery>& reports) {
    std::vector<ValueMap> rows;
    for (const auto& report : reports)
        for (const auto& one : report.unmatched)
            rows.push_back(row("unmatched", report.stack, one.address, one.type, join(one.ids, ", "), one.why));
    show(command, "Declared, and not matched; say which it is with `strata import ADDRESS ID`, or delete what is too many:",
         {{"stack", "STACK"}, {"address", "ADDRESS"}, {"type", "TYPE"}, {"detail", "WHY"}}, std::move(rows));
}

void show_undeclared(Command& command, const std::vector<Rediscovery>& reports) {
    std::vector<ValueMap> rows;
    for (const auto& report : reports)
        for (const auto& one : report.undeclared) rows.push_back(row("undeclared", report.stack, one.address, "", one.id, ""));
    show(command, "There with the stack's tag, but declared no more; state does not know it, and no command will touch it:",
         {{"stack", "STACK"}, {"address", "ADDRESS"}, {"id", "ID"}}, std::move(rows));
}

void show_findings(Command& command, const Operation& operation, const std::vector<Rediscovery>& reports) {
    const auto detail = command.arguments.diff ? PlanDetail::everything : PlanDetail::changes;
    for (const auto* plan : operation.plans())
        if (plan->has_changes()) command.report.plan(*plan, detail);
        else command.report.note(fmt::format("{}: nothing was found that state does not know.", plan->stack));
    show_missing(command, reports);
    show_unmatched(command, reports);
    show_undeclared(command, reports);
}

std::size_t found_in(const Operation& operation) {
    std::size_t count = 0;
    for (const auto* plan : operation.plans()) count += plan->counts().adopt;
    return count;
}

Status all_matched(const std::vector<Rediscovery>& reports) {
    std::vector<std::string> unmatched;
    for (const auto& report : reports)
        for (const auto& one : report.unmatched) unmatched.push_back(fmt::format("{} {}", report.stack, one.address));
    if (unmatched.empty()) return {};
    return Error{.kind = ErrorKind::resources_failed,
                 .summary = "Some resources could not be matched",
                 .cause = fmt::format("{}: state knows nothing of it yet.", join(unmatched, ", ")),
                 .remedy = "Until it is matched, `strata up` would make another one. The reason stands with each, above."};
}

ExitCode record(Command& command, Operation& operation) {
    const auto count = found_in(operation);
    const auto code = operation.carry_out();
    if (code == ExitCode::ok && count > 0)
        command.report.note(fmt::format("{} in state again. See what the next `up` would do:\n  strata preview {}",
                                        count == 1 ? "1 resource is" : fmt::format("{} resources are", count),
                                        named_stacks(command.arguments)));
    return code;
}

}  // namespace

void add_state_recover_flags(FlagList& flags, Arguments& into) {
    add_stack_words(flags, into);
    flags.push_back(
        {.name = "--set-aside", .help = "Put a state that cannot be opened aside, and begin a new one", .target = &into.set_aside});
    flags.push_back({.name = "--yes", .help = "Do not ask", .target = &into.yes});
    flags.push_back({.name = "--diff", .help = "Show whole values, and documents line by line", .target = &into.diff});
    add_environment_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_recover(Command& command) {
    if (command.arguments.set_aside)
        if (auto moved = set_aside_what_cannot_be_opened(command); !moved) return std::move(moved).error();
    auto operation = Operation::begin(command, {.purpose = purpose, .lock = true});
    if (!operation) return with_way_out(std::move(operation).error(), command.arguments);
    const auto reports = (*operation)->plan_rediscovery();
    if (!reports) return with_way_out(reports.error(), command.arguments);
    show_findings(command, **operation, *reports);
    const bool changes = any_changes(**operation);
    if (changes) {
        const auto question =
            fmt::format("Take this into the state of {}? Nothing that is live changes.", subject(**operation, (*operation)->workspace()));
        if (auto agreed = confirm(command, question, "yes"); !agreed) return std::move(agreed).error();
    }
    const auto code = changes ? record(command, **operation) : ExitCode::ok;
    if (code != ExitCode::ok) return code;
    if (auto matched = all_matched(*reports); !matched) return std::move(matched).error();
    return code;
}

}  // namespace strata::cli
