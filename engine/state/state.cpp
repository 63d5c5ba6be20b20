#include "engine/state/state.hpp"

#include <fmt/format.h>

namespace strata {

namespace {

std::string resource_breach(const std::string& key, const ResourceState& resource) {
    if (resource.address != key) return fmt::format("the record of {} says that it is {}", key, resource.address);
    if (resource.type.empty()) return fmt::format("{} has no type", key);
    if (resource.id.empty()) return fmt::format("{} has no physical id", key);
    if (!resource.facets.contains("")) return fmt::format("{} has no core", key);
    for (const auto& [label, facet] : resource.facets)
        for (const auto& [name, value] : facet.properties)
            if (value.has_unknown() || value.has_reference()) return fmt::format("{} holds an unresolved value in {}", key, name);
    return {};
}

}  // namespace

ValueMap ResourceState::properties() const {
    ValueMap all;
    for (const auto& [label, facet] : facets)
        for (const auto& [name, value] : facet.properties) all.set(name, value);
    return all;
}

bool is_handed_over(const OpenStep& step) {
    const bool whole = step.facet.empty() && (step.action == "create" || step.action == "remove");
    return whole && !step.cursor.is_null() && !step.id.empty();
}

const ResourceState* State::find(std::string_view address) const {
    const auto at = resources.find(address);
    return at != resources.end() ? &at->second : nullptr;
}

const ResourceState* State::find(std::string_view address, std::string_view type) const {
    const auto* found = find(address);
    return found != nullptr && found->type == type ? found : nullptr;
}

std::string broken_invariant(const State& state) {
    if (state.lineage.empty()) return "it has no lineage";
    if (state.stack.empty()) return "it names no stack";
    if (state.hash_key.size() != 32) return "it has no key for hashes";
    for (const auto& [address, resource] : state.resources) {
        if (auto breach = resource_breach(address, resource); !breach.empty()) return breach;
        if (!resource.provider.empty() && !state.providers.contains(resource.provider))
            return fmt::format("{} was made by provider {}, which is not recorded", address, resource.provider);
    }
    for (const auto& old : state.deposed)
        if (old.id.empty()) return fmt::format("a replaced {} has no physical id", old.address);
    for (const auto& [step, open] : state.open)
        if (open.token.size() != 32) return fmt::format("unfinished step {} has no token", step);
    return {};
}

}  // namespace strata
