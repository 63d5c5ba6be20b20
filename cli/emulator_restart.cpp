#include "cli/emulator_restart.hpp"

#include <vector>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

/// The life of the emulator that a stack was deployed to; empty when it is not known, or its state cannot be read: who
/// needs that state will say why.
std::string life_of(Workspace& workspace, const std::string& stack, const std::string& instance) {
    const auto store = workspace.store(stack);
    const auto session = workspace.session(*store, stack);
    if (!session) return {};
    const auto state = (*session)->state();
    const auto known = state.providers.find(instance);
    return known != state.providers.end() ? known->second.instance : std::string{};
}

}  // namespace

Status archive_forgotten_state(Workspace& workspace, const std::string& instance, const ProviderIdentity& identity, Reporter& report) {
    if (identity.instance.empty()) return {};
    const auto stacks = workspace.deployed_stacks();
    if (!stacks) return stacks.error();
    std::vector<std::string> archived;
    for (const auto& stack : *stacks) {
        const auto life = life_of(workspace, stack, instance);
        if (life.empty() || life == identity.instance) continue;
        if (auto moved = workspace.store(stack)->archive("emulator-" + life); !moved) return moved;
        archived.push_back(stack);
    }
    if (!archived.empty())
        report.note(fmt::format("The emulator has restarted and forgotten what was deployed to it: local state of {} was put aside ({}).",
                                join(archived, ", "), workspace.store("*.emulator-*")->location()));
    return {};
}

}  // namespace strata::cli
