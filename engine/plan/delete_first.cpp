#include "engine/plan/delete_first.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace strata {

namespace {

class Involving {
public:
    Involving(Plan& plan, const ClosedGraph& graph, const State& state, const std::vector<bool>& selected)
        : plan_{plan}, graph_{graph}, selected_{selected} {
        for (std::size_t r = 0; r < plan.resources.size(); ++r) planned_at_.emplace(plan.resources[r].address_in_state(), r);
        for (const auto& [address, known] : state.resources)
            for (const auto& [label, facet] : known.facets)
                for (const auto& key : facet.dependencies) note_user(std::string_view{key}.substr(0, key.find('#')), address, label);
    }

    void run() {
        std::vector<std::size_t> open;
        for (std::size_t r = 0; r < plan_.resources.size(); ++r)
            if (goes_first(plan_.resources[r])) open.push_back(r);
        while (!open.empty()) {
            const auto going = open.back();
            open.pop_back();
            for (const auto& user : users_[going]) {
                auto& planned = plan_.resources[user.resource];
                if (planned.action == PlanAction::replace && planned.create_first) {
                    planned.create_first = false;
                    open.push_back(user.resource);
                }
                // It goes too, and before it those that use it.
                if (planned.action == PlanAction::remove && removed_.insert(user.resource).second) open.push_back(user.resource);
                if (planned.action == PlanAction::keep || planned.action == PlanAction::update)
                    let_go(planned, user.facet_label, plan_.resources[going]);
            }
        }
    }

private:
    struct User {
        std::size_t resource;  ///< index into Plan::resources
        std::string_view facet_label;
    };

    static bool goes_first(const PlannedResource& planned) { return planned.action == PlanAction::replace && !planned.create_first; }

    void note_user(std::string_view used, std::string_view user, std::string_view label) {
        const auto at = planned_at_.find(used);
        const auto by = planned_at_.find(user);
        if (at != planned_at_.end() && by != planned_at_.end() && used != user) users_[at->second].push_back({by->second, label});
    }

    void let_go(PlannedResource& planned, std::string_view label, const PlannedResource& going) const {
        const auto facet =
            std::ranges::find_if(planned.facets, [&](const PlannedFacet& each) { return planned.type->facet_label(each.facet) == label; });
        if (facet == planned.facets.end() || facet->action || !has_members(planned.type->facets[facet->facet].kind)) return;
        if (!selected_[graph_.resource_at.find(planned.address)->second] || !uses(*facet, going)) return;
        facet->action = StepAction::update;
        planned.action = PlanAction::update;
        planned.reasons.push_back(fmt::format("{} lets go of {} until the new one is there", label, going.address));
    }

    static bool uses(const PlannedFacet& facet, const PlannedResource& used) {
        return std::ranges::any_of(facet.dependencies, [&](std::string_view key) { return key.substr(0, key.find('#')) == used.address; });
    }

    Plan& plan_;
    const ClosedGraph& graph_;
    const std::vector<bool>& selected_;
    std::map<std::string_view, std::size_t> planned_at_;  ///< by the address that state knows
    std::map<std::size_t, std::vector<User>> users_;      ///< by what was used when they were last applied
    std::set<std::size_t> removed_;                       ///< users that were found to go
};

}  // namespace

void involve_users_of_what_goes_first(Plan& plan, const ClosedGraph& graph, const State& state, const std::vector<bool>& selected) {
    Involving{plan, graph, state, selected}.run();
}

}  // namespace strata
