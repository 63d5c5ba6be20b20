#include "engine/plan/unseen.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace strata {

namespace {

Error in_use(const PlannedResource& planned, const PlannedResource& user) {
    return Error{.kind = ErrorKind::resources_failed,
                 .summary = "In use by what could not be read",
                 .cause = fmt::format("{} would be {}, but {} uses it and could not be read.", planned.address,
                                      planned.action == PlanAction::replace ? "replaced" : "deleted", user.address),
                 .remedy = {},
                 .location = planned.declared_at};
}

Error in_need(const PlannedResource& planned, const PlannedResource& needed) {
    return Error{.kind = ErrorKind::resources_failed,
                 .summary = "In need of what could not be read",
                 .cause = fmt::format("{} needs a value of {}, which could not be read.", planned.address, needed.address),
                 .remedy = {},
                 .location = planned.declared_at};
}

bool has_unknown(const PlannedFacet& facet) {
    return facet.action && std::ranges::any_of(facet.desired, [](const auto& property) { return property.second.has_unknown(); });
}

bool goes(const PlannedResource& planned) { return planned.action == PlanAction::remove || planned.action == PlanAction::replace; }

}  // namespace

void hold_back_what_unseen_things_use(Plan& plan, const State& state) {
    std::map<std::string_view, std::size_t> planned_at;
    std::vector<std::size_t> open;
    for (std::size_t r = 0; r < plan.resources.size(); ++r) {
        const auto& planned = plan.resources[r];
        if (!planned.set_aside) planned_at.emplace(planned.address_in_state(), r);
        if (planned.action == PlanAction::unreadable) open.push_back(r);
    }
    while (!open.empty()) {
        const auto& user = plan.resources[open.back()];
        open.pop_back();
        const auto* known = state.find(user.address_in_state(), user.type_name);
        if (known == nullptr) continue;
        for (const auto& [label, facet] : known->facets)
            for (const std::string_view key : facet.dependencies) {
                const auto used = planned_at.find(key.substr(0, key.find('#')));
                if (used == planned_at.end() || !goes(plan.resources[used->second])) continue;
                auto& held = plan.resources[used->second];
                held.unreadable = in_use(held, user);
                held.action = PlanAction::unreadable;
                open.push_back(used->second);
            }
    }
}

void hold_back_what_needs_unseen_things(Plan& plan, const ClosedGraph& graph) {
    std::map<std::string_view, std::size_t> planned_at;
    for (std::size_t r = 0; r < plan.resources.size(); ++r)
        if (!plan.resources[r].set_aside) planned_at.emplace(plan.resources[r].address, r);
    const auto planned_for = [&](const GraphNode& node) -> PlannedResource* {
        const auto at = planned_at.find(graph.declaration(node).address);
        return at != planned_at.end() ? &plan.resources[at->second] : nullptr;
    };
    for (const auto n : graph.order) {
        const auto& node = graph.nodes[n];
        auto* planned = planned_for(node);
        if (planned == nullptr || !planned->changes()) continue;
        const auto facet = std::ranges::find(planned->facets, node.facet, &PlannedFacet::facet);
        if (facet == planned->facets.end() || !has_unknown(*facet)) continue;
        for (const auto before : node.dependencies) {
            const auto* needed = planned_for(graph.nodes[before]);
            if (needed == nullptr || needed->action != PlanAction::unreadable) continue;
            planned->unreadable = in_need(*planned, *needed);
            planned->action = PlanAction::unreadable;
            break;
        }
    }
}

}  // namespace strata
