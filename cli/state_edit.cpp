#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

/// The state that holds `address`, locked.
Result<OpenState> open_holding(Workspace& workspace, const Command& command, std::string_view purpose) {
    const auto stack = stack_holding(workspace, command.arguments.first, command.arguments.stack);
    if (!stack) return stack.error();
    return open_state(workspace, *stack, purpose);
}

/// The resource itself, or everything below a component.
std::vector<std::string> at_or_below(const State& state, const std::string& address) {
    std::vector<std::string> found;
    for (const auto& [candidate, resource] : state.resources)
        if (candidate == address || candidate.starts_with(address + "/")) found.push_back(candidate);
    return found;
}

Status record_and_save(StateSession& session, std::vector<Mutation> mutations) {
    session.begin_update();
    if (auto recorded = session.record(std::move(mutations)); !recorded) return recorded;
    return session.finish({});
}

/// A resource under its new address; what it depended on in its old stack is of no use in another.
ResourceState moved(ResourceState resource, std::string address, const State& target) {
    resource.address = std::move(address);
    for (auto& [label, facet] : resource.facets)
        std::erase_if(facet.dependencies, [&](const std::string& key) { return target.find(key.substr(0, key.find('#'))) == nullptr; });
    return resource;
}

/// First into the other stack, then out of this one: a crash between the two leaves a double record, never a lost one.
Status move_to_stack(OpenState& from, OpenState& to, const std::vector<std::pair<std::string, std::string>>& names) {
    const auto source = from.session->state();
    const auto target = to.session->state();
    std::vector<Mutation> taken;
    std::vector<Mutation> left;
    for (const auto& [address, renamed] : names) {
        const auto& resource = *source.find(address);
        const auto provider = source.providers.find(resource.provider);
        if (provider != source.providers.end() && !target.providers.contains(resource.provider))
            taken.push_back({.kind = Mutation::Kind::provider, .key = resource.provider, .provider = provider->second});
        taken.push_back({.kind = Mutation::Kind::put_resource, .resource = moved(resource, renamed, target)});
        left.push_back({.kind = Mutation::Kind::remove_resource, .address = address});
    }
    if (auto recorded = record_and_save(*to.session, std::move(taken)); !recorded) return recorded;
    return record_and_save(*from.session, std::move(left));
}

Status move_within(OpenState& state, const std::vector<std::pair<std::string, std::string>>& names) {
    std::vector<Mutation> mutations;
    for (const auto& [address, renamed] : names) mutations.push_back({.kind = Mutation::Kind::rename, .address = address, .key = renamed});
    return record_and_save(*state.session, std::move(mutations));
}

/// Opens the stack that resources are moved to; one that was never deployed begins with them.
Result<OpenState> open_target(Workspace& workspace, const Command& command, const std::string& stack) {
    const auto& known = command.program.stacks;
    if (std::ranges::find(known, stack) == known.end())
        return usage_error("Unknown stack", fmt::format("The program has no stack \"{}\". It has: {}.", stack, join(known, ", ")), {});
    OpenState open{.stack = stack, .store = workspace.store(stack), .session = nullptr};
    auto session = workspace.session(*open.store, stack, "state mv");
    if (!session) return std::move(session).error();
    open.session = std::move(*session);
    return open;
}

Result<ExitCode> set_protection(Command& command, bool protect) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const std::string_view verb = protect ? "state protect" : "state unprotect";
    auto open = open_holding(**workspace, command, verb);
    if (!open) return std::move(open).error();
    const auto state = open->session->state();
    std::vector<Mutation> mutations;
    const auto addresses = at_or_below(state, command.arguments.first);
    for (const auto& address : addresses) {
        const auto& resource = *state.find(address);
        if (resource.protect == protect) continue;
        mutations.push_back(
            {.kind = Mutation::Kind::set_options,
             .address = address,
             .value = Value::map({{"protect", protect}, {"retain_on_delete", resource.retain_on_delete}, {"tainted", resource.tainted}})});
    }
    if (!mutations.empty())
        if (auto saved = record_and_save(*open->session, std::move(mutations)); !saved) return std::move(saved).error();
    for (const auto& address : addresses) command.report.note(fmt::format("{} is {}protected.", address, protect ? "" : "not "));
    return ExitCode::ok;
}

}  // namespace

void add_state_mv_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "FROM",
                     .help = "Address in state of a resource, or of a component with all below it",
                     .target = &into.first,
                     .required = true});
    flags.push_back({.name = "TO", .help = "New address", .target = &into.second});
    flags.push_back({.name = "--to-stack",
                     .help = "Move to the state of this stack",
                     .target = &into.to_stack,
                     .value = "STACK",
                     .completion = Completion::stack});
    add_stack_flag(flags, into);
    add_environment_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_mv(Command& command) {
    const auto& arguments = command.arguments;
    if (!arguments.has_second && arguments.to_stack.empty())
        return usage_error("Where to?", "Neither a new address nor --to-stack was given.", "See how it is used:\n  strata state mv --help");
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    auto from = open_holding(**workspace, command, "state mv");
    if (!from) return std::move(from).error();
    const bool elsewhere = !arguments.to_stack.empty() && arguments.to_stack != from->stack;
    std::optional<OpenState> to;
    if (elsewhere) {
        auto target = open_target(**workspace, command, arguments.to_stack);
        if (!target) return std::move(target).error();
        to = std::move(*target);
    }
    const auto present = (elsewhere ? to->session : from->session)->state();
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& address : at_or_below(from->session->state(), arguments.first)) {
        const auto renamed = (arguments.has_second ? arguments.second : arguments.first) + address.substr(arguments.first.size());
        if (present.find(renamed) != nullptr)
            return usage_error("The address is taken",
                               fmt::format("The state of {} holds \"{}\" already.", elsewhere ? to->stack : from->stack, renamed),
                               "Choose another one.");
        names.emplace_back(address, renamed);
    }
    auto done = elsewhere ? move_to_stack(*from, *to, names) : move_within(*from, names);
    if (!done) return std::move(done).error();
    for (const auto& [address, renamed] : names)
        command.report.note(fmt::format("{} {} → {}{}", from->stack, address, elsewhere ? to->stack + " " : "", renamed));
    return ExitCode::ok;
}

void add_state_rm_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "ADDRESS",
                     .help = "Address in state of a resource, or of a component with all below it",
                     .target = &into.first,
                     .required = true});
    add_stack_flag(flags, into);
    add_environment_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_rm(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    auto open = open_holding(**workspace, command, "state rm");
    if (!open) return std::move(open).error();
    const auto state = open->session->state();
    std::vector<Mutation> mutations;
    const auto addresses = at_or_below(state, command.arguments.first);
    for (const auto& address : addresses) mutations.push_back({.kind = Mutation::Kind::remove_resource, .address = address});
    if (auto saved = record_and_save(*open->session, std::move(mutations)); !saved) return std::move(saved).error();
    for (const auto& address : addresses)
        command.report.note(fmt::format("{} forgot {}; the service keeps {}. To take it back:\n  strata import {} {}", open->stack, address,
                                        state.find(address)->id, address, state.find(address)->id));
    return ExitCode::ok;
}

void add_state_protect_flags(FlagList& flags, Arguments& into) { add_state_rm_flags(flags, into); }
Result<ExitCode> run_state_protect(Command& command) { return set_protection(command, true); }
Result<ExitCode> run_state_unprotect(Command& command) { return set_protection(command, false); }

}  // namespace strata::cli
