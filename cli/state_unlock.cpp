#include <algorithm>

#include <fmt/format.h>

#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"
#include "cli/workspace.hpp"
#include "engine/state/lease.hpp"

namespace strata::cli {

namespace {

Error not_locked(const std::string& stack, const std::string& environment) {
    return Error{.kind = ErrorKind::usage,
                 .summary = "Not locked",
                 .cause = fmt::format("Nobody holds the lock of {} in {}.", stack, environment),
                 .remedy = {}};
}

/// Whom it is taken from, for people.
std::string holder(const std::optional<LockRecord>& record) {
    if (!record) return "a lock that cannot be understood";
    return fmt::format("the lock for {}, until {}", shown(record->owner), record->until);
}

}  // namespace

void add_state_unlock_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK", .help = "The stack", .target = &into.first, .required = true, .completion = Completion::stack});
    flags.push_back({.name = "--yes", .help = "Do not ask", .target = &into.yes});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_unlock(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto& stack = command.arguments.first;
    const auto store = (*workspace)->store(stack);
    const auto read = read_lock(store->objects(), store->lock_name());
    const bool garbage = !read && read.error().kind == ErrorKind::state_unreadable;
    if (!read && !garbage) return read.error();
    const auto record = garbage ? std::optional<LockRecord>{} : *read;
    const bool held = record && record->state == LockRecord::State::held;
    if (!garbage && !held) return not_locked(stack, (*workspace)->environment());
    const auto whose = holder(record);
    command.report.note(
        fmt::format("This takes {} away.\nA run that still works stops at its next step: it can write nothing more.", whose));
    if (auto agreed = confirm(command, fmt::format("Unlock {}?", stack), "yes"); !agreed) return std::move(agreed).error();
    if (auto removed = remove_lock(store->objects(), store->lock_name()); !removed) {
        auto why = std::move(removed).error();
        if (why.kind == ErrorKind::conflict)
            why = {.kind = ErrorKind::lock_held,
                   .summary = "The lock changed meanwhile",
                   .cause = fmt::format("{} was renewed, given back or taken by another run just now.",
                                        store->objects().location(store->lock_name())),
                   .remedy = "Look again before it is taken away."};
        return why;
    }
    command.report.note(fmt::format("{} is unlocked.", stack));
    return ExitCode::ok;
}

}  // namespace strata::cli
