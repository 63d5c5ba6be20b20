#include "engine/deploy/read_live.hpp"

#include <algorithm>
#include <set>

#include "engine/plan/desired.hpp"

namespace strata {

namespace {

/// Facets that state or program know; the core always.
std::vector<bool> facets_of(const ResourceType& type, const ResourceState* known, const ResourceDeclaration* declared, bool all) {
    std::vector<bool> wanted(std::max<std::size_t>(type.facets.size(), 1), all);
    wanted[0] = true;
    if (known != nullptr)
        for (std::size_t i = 0; i < type.facets.size(); ++i)
            if (known->facets.contains(type.facets[i].label)) wanted[i] = true;
    if (declared != nullptr)
        for (const auto& [name, value] : declared->properties)
            if (const auto* property = type.property(name)) wanted[property->facet] = true;
    return wanted;
}

/// Declarations by the address under which state knows them.
std::map<std::string, const ResourceDeclaration*, std::less<>> declared_by_state_address(const ClosedGraph* graph, const State& state) {
    std::map<std::string, const ResourceDeclaration*, std::less<>> declared;
    if (graph == nullptr) return declared;
    for (const auto& declaration : graph->graph->resources()) declared[state_address(state, declaration)] = &declaration;
    return declared;
}

}  // namespace

std::map<std::string, std::vector<ReadItem>, std::less<>> items_to_read(const ReadScope& scope, const ProviderSet& providers) {
    std::map<std::string, std::vector<ReadItem>, std::less<>> items;
    const auto declared = declared_by_state_address(scope.graph, *scope.state);
    for (const auto& [address, known] : scope.state->resources) {
        const auto* type = providers.find_type(known.type);
        if (type == nullptr || !scope.selection.selects(address)) continue;
        const auto at = declared.find(address);
        items[known.provider].push_back(
            {.type = type,
             .address = address,
             .id = known.id,
             .properties = known.properties(),
             .outputs = known.outputs,
             .token = known.token,
             .facets = facets_of(*type, &known, at != declared.end() ? at->second : nullptr, scope.all_facets)});
    }
    for (const auto& [address, declaration] : declared) {
        if (declaration->options.import_id.empty() || scope.state->find(address) != nullptr) continue;
        ValueMap plain;
        for (const auto& [name, value] : declaration->properties)
            if (!value.has_reference()) plain.set(name, value);
        items[provider_of(*declaration)].push_back({.type = declaration->type,
                                                    .address = declaration->address,
                                                    .id = declaration->options.import_id,
                                                    .properties = std::move(plain),
                                                    .outputs = {},
                                                    .facets = facets_of(*declaration->type, nullptr, declaration, scope.all_facets)});
    }
    return items;
}

Result<LiveMap> read_live(const std::map<std::string, std::vector<ReadItem>, std::less<>>& items, ProviderSet& providers,
                          const State& state) {
    LiveMap live;
    std::vector<std::string> absent;
    for (const auto& [instance, wanted] : items) {
        auto provider = providers.get(instance);
        if (!provider) return std::move(provider).error();
        if (auto right = providers.matches(instance, state); !right) return std::move(right).error();
        auto results = (*provider)->read(wanted, ReadDepth::batched);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (std::holds_alternative<Absent>(results[i])) absent.push_back(wanted[i].address);
            live[wanted[i].address] = std::move(results[i]);
        }
    }
    if (auto confirmed = confirm(absent, items, providers, live); !confirmed) return std::move(confirmed).error();
    return live;
}

Status confirm(const std::vector<std::string>& addresses, const std::map<std::string, std::vector<ReadItem>, std::less<>>& items,
               ProviderSet& providers, LiveMap& live) {
    if (addresses.empty()) return {};
    const std::set<std::string, std::less<>> wanted{addresses.begin(), addresses.end()};
    for (const auto& [instance, known] : items) {
        std::vector<ReadItem> again;
        std::ranges::copy_if(known, std::back_inserter(again), [&](const ReadItem& item) { return wanted.contains(item.address); });
        if (again.empty()) continue;
        auto provider = providers.get(instance);
        if (!provider) return std::move(provider).error();
        auto results = (*provider)->read(again, ReadDepth::direct);
        for (std::size_t i = 0; i < again.size(); ++i) live[again[i].address] = std::move(results[i]);
    }
    return {};
}

}  // namespace strata
