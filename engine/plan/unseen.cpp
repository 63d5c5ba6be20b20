#include "engine/plan/unseen.hpp"

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

}  // namespace strata
