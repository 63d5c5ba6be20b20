#include "engine/plan/selection.hpp"

#include <algorithm>
#include <map>

#include "engine/base/text.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

namespace {

using Addresses = std::set<std::string, std::less<>>;
using Neighbours = std::map<std::string, Addresses, std::less<>>;

/// `from` and everything that can be reached from it, as far as `may_go` lets.
Addresses reach(const Addresses& from, const Neighbours& next, const auto& may_go) {
    Addresses found = from;
    std::vector<std::string> open{from.begin(), from.end()};
    while (!open.empty()) {
        const auto at = next.find(open.back());
        open.pop_back();
        if (at == next.end()) continue;
        for (const auto& address : at->second)
            if (may_go(address) && found.insert(address).second) open.push_back(address);
    }
    return found;
}

/// Everything that a resource used when it was last applied.
Addresses used_by(const ResourceState& known) {
    Addresses used;
    for (const auto& [label, facet] : known.facets)
        for (const auto& node : facet.dependencies) used.insert(node.substr(0, node.find('#')));
    used.erase(known.address);
    return used;
}

}  // namespace

bool names_address(std::string_view pattern, std::string_view address) {
    return matches_glob(pattern, address) ||
           (address.starts_with(pattern) && address.size() > pattern.size() && address[pattern.size()] == '/');
}

bool Selection::leaves_out(std::string_view address) const {
    return std::ranges::any_of(excludes, [&](const std::string& pattern) { return names_address(pattern, address); });
}

bool Selection::selects(std::string_view address) const {
    if (leaves_out(address)) return false;
    return targets.empty() || std::ranges::any_of(targets, [&](const std::string& pattern) { return names_address(pattern, address); });
}

SelectedResources select_resources(const Selection& selection, const ClosedGraph& graph, const State& state) {
    const auto& resources = graph.graph->resources();
    SelectedResources out{.selected = std::vector<bool>(resources.size(), selection.targets.empty()), .held_back = {}};
    auto& selected = out.selected;
    if (!selection.targets.empty())
        for (auto n = graph.order.rbegin(); n != graph.order.rend(); ++n) {
            const auto& node = graph.nodes[*n];
            if (selection.selects(resources[node.resource].address)) selected[node.resource] = true;
            if (!selected[node.resource]) continue;
            for (const auto before : node.dependencies) selected[graph.nodes[before].resource] = true;
        }
    if (selection.excludes.empty()) return out;
    for (std::size_t i = 0; i < resources.size(); ++i)
        if (selection.leaves_out(resources[i].address)) selected[i] = false;
    for (const auto n : graph.order) {
        const auto& node = graph.nodes[n];
        if (!selected[node.resource]) continue;
        for (const auto before : node.dependencies) {
            const auto& needed = resources[graph.nodes[before].resource];
            if (selected[graph.nodes[before].resource] || state.find(state_address(state, needed), needed.type->name) != nullptr) continue;
            selected[node.resource] = false;
            out.held_back.emplace_back(resources[node.resource].address, needed.address);
            break;
        }
    }
    return out;
}

Addresses select_removals(const Selection& selection, const State& state, const Addresses& wanted) {
    Addresses chosen;
    Neighbours uses;
    Neighbours users;
    const auto unwanted = [&](const std::string& address) { return !wanted.contains(address); };
    for (const auto& [address, known] : state.resources) {
        if (unwanted(address) && selection.selects(address)) chosen.insert(address);
        uses[address] = used_by(known);
        for (const auto& used : uses[address]) users[used].insert(address);
    }
    if (!selection.targets.empty())
        chosen = reach(chosen, users, [&](const auto& address) { return unwanted(address) && !selection.leaves_out(address); });
    if (selection.excludes.empty()) return chosen;
    Addresses staying;
    for (const auto& [address, known] : state.resources)
        if (unwanted(address) && !chosen.contains(address)) staying.insert(address);
    for (const auto& address : reach(staying, uses, unwanted)) chosen.erase(address);
    return chosen;
}

}  // namespace strata
