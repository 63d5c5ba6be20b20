#include "cli/state_access.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

bool is_at_or_below(const std::string& candidate, const std::string& address) {
    return candidate == address || candidate.starts_with(address + "/");
}

}  // namespace

Result<OpenState> open_state(Workspace& workspace, const std::string& stack, std::string_view purpose) {
    const auto deployed = workspace.deployed_stacks();
    if (!deployed) return deployed.error();
    if (std::ranges::find(*deployed, stack) == deployed->end()) {
        const auto near = nearest(stack, *deployed);
        return usage_error("No state of this stack", fmt::format("Stack \"{}\" has no state in {}.", stack, workspace.environment()),
                           near ? fmt::format("Did you mean \"{}\"?", *near)
                                : fmt::format("Deploy it first:\n  strata up {} --env {}", stack, workspace.environment()));
    }
    OpenState open{.stack = stack, .store = workspace.store(stack), .session = nullptr};
    auto session = workspace.session(*open.store, stack, purpose);
    if (!session) return std::move(session).error();
    open.session = std::move(*session);
    return open;
}

Result<std::vector<OpenState>> open_states(Workspace& workspace, const std::vector<std::string>& named) {
    auto stacks = named.empty() ? workspace.deployed_stacks() : Result<std::vector<std::string>>{named};
    if (!stacks) return std::move(stacks).error();
    std::vector<OpenState> states;
    for (const auto& stack : *stacks) {
        auto open = open_state(workspace, stack);
        if (!open) return std::move(open).error();
        states.push_back(std::move(*open));
    }
    return states;
}

Result<std::string> stack_holding(Workspace& workspace, const std::string& address, const std::string& named) {
    auto states = open_states(workspace, named.empty() ? std::vector<std::string>{} : std::vector{named});
    if (!states) return std::move(states).error();
    std::vector<std::string> holders;
    std::vector<std::string> known;
    for (const auto& open : *states) {
        const auto state = open.session->state();
        for (const auto& [candidate, resource] : state.resources) known.push_back(candidate);
        if (std::ranges::any_of(state.resources, [&](const auto& entry) { return is_at_or_below(entry.first, address); }))
            holders.push_back(open.stack);
    }
    if (holders.size() == 1) return holders.front();
    if (holders.size() > 1)
        return usage_error("Which stack?", fmt::format("\"{}\" is in {}.", address, join(holders, " and ")), "Name one with --stack.");
    const auto near = nearest(address, known);
    return usage_error("No such resource in state", fmt::format("No state in {} holds \"{}\".", workspace.environment(), address),
                       near ? fmt::format("Did you mean \"{}\"?", *near) : "See what there is:\n  strata state list");
}

}  // namespace strata::cli
