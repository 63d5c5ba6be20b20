#include <algorithm>

#include <fmt/format.h>

#include "cli/connections.hpp"
#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"
#include "engine/deploy/recovery.hpp"

namespace strata::cli {

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

/// Creates that were begun at the address and of which no end is known.
std::vector<OpenStep> unfinished_at(const State& state, const std::string& address) {
    std::vector<OpenStep> found;
    for (const auto& [id, step] : state.open)
        if (step.address == address && step.action == "create" && step.facet.empty()) found.push_back(step);
    return found;
}

Error nothing_unfinished(const std::string& address, const std::vector<std::string>& known) {
    return usage_error("Nothing to resolve", fmt::format("No unfinished create of \"{}\" is known.", address),
                       known.empty() ? "Nothing at all is unfinished." : fmt::format("Unfinished are: {}.", join(known, ", ")));
}

/// The stack whose state holds an unfinished create of the address.
Result<std::string> stack_with_unfinished(Workspace& workspace, const Command& command) {
    const auto& named = command.arguments.stack;
    auto states = open_states(workspace, named.empty() ? std::vector<std::string>{} : std::vector{named});
    if (!states) return std::move(states).error();
    std::vector<std::string> known;
    for (const auto& open : *states) {
        const auto state = open.session->state();
        if (!unfinished_at(state, command.arguments.first).empty()) return open.stack;
        for (const auto& [id, step] : state.open) known.push_back(fmt::format("{} {}", open.stack, step.address));
    }
    return nothing_unfinished(command.arguments.first, known);
}

const ResourceType* type_named(const std::vector<ProviderKind>& kinds, const std::string& name) {
    for (const auto& kind : kinds)
        if (const auto* type = kind.find_type(name)) return type;
    return nullptr;
}

}  // namespace

void add_state_resolve_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "ADDRESS", .help = "Address whose creation has an unknown outcome", .target = &into.first, .required = true});
    flags.push_back({.name = "--adopt", .help = "It was created, and this is its physical id", .target = &into.adopt, .value = "ID"});
    flags.push_back({.name = "--absent", .help = "It was not created, or is gone", .target = &into.absent});
    add_stack_flag(flags, into);
    add_environment_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_resolve(Command& command) {
    const auto& arguments = command.arguments;
    if (arguments.absent == !arguments.adopt.empty())
        return usage_error("What became of it?", "Either --adopt ID or --absent is wanted.",
                           fmt::format("Look for it in the account, then say:\n  strata state resolve {} --adopt ID", arguments.first));
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto stack = stack_with_unfinished(**workspace, command);
    if (!stack) return stack.error();
    auto open = open_state(**workspace, *stack, "state resolve");
    if (!open) return std::move(open).error();
    const auto state = open->session->state();
    const auto steps = unfinished_at(state, arguments.first);
    if (steps.empty()) return nothing_unfinished(arguments.first, {});
    std::vector<Mutation> mutations;
    for (const auto& step : steps) mutations.push_back({.kind = Mutation::Kind::end, .key = step.step});
    if (!arguments.adopt.empty()) {
        const auto kinds = command.around.provider_kinds((*workspace)->connections());
        const auto* type = type_named(kinds, steps.back().type);
        for (auto& mutation : adopted(state, steps.back(), type != nullptr ? type->schema_version : 1, arguments.adopt))
            mutations.push_back(std::move(mutation));
    }
    open->session->begin_update();
    if (auto recorded = open->session->record(std::move(mutations)); !recorded) return std::move(recorded).error();
    if (auto saved = open->session->finish({}); !saved) return std::move(saved).error();
    command.report.note(arguments.absent ? fmt::format("{} counts as not created; the next `up` creates it.", arguments.first)
                                         : fmt::format("{} is {}; the next `up` goes on with it.", arguments.first, arguments.adopt));
    return ExitCode::ok;
}

}  // namespace strata::cli
