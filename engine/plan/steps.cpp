#include "engine/plan/steps.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace strata {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

class Ordering {
public:
    Ordering(const Plan& plan, const ClosedGraph& graph, const State& state)
        : plan_{plan}, graph_{graph}, state_{state}, users_{users_in(graph)} {
        for (const auto& planned : plan.resources)
            if (!planned.former_address.empty()) renamed_[planned.former_address] = planned.address;
    }

    std::vector<PlannedStep> run(bool destroy) {
        for (std::size_t r = 0; r < plan_.resources.size(); ++r) add_steps(r);
        if (!destroy) order_making();
        order_replacements();
        order_removals();
        order_parts_taken_off();
        order_decisions();
        for (auto& step : steps_) {
            std::ranges::sort(step.after);
            const auto repeats = std::ranges::unique(step.after);
            step.after.erase(repeats.begin(), repeats.end());
        }
        return std::move(steps_);
    }

private:
    using Nodes = std::vector<std::uint32_t>;

    static std::vector<Nodes> users_in(const ClosedGraph& graph) {
        std::vector<Nodes> users(graph.nodes_of.size());
        for (std::uint32_t n = 0; n < graph.nodes.size(); ++n)
            for (const auto before : graph.nodes[n].dependencies) {
                const auto used = graph.nodes[before].resource;
                if (used != graph.nodes[n].resource) users[used].push_back(n);
            }
        return users;
    }

    static std::string label_of(const PlannedResource& planned, std::size_t facet) {
        return planned.type == nullptr ? std::string{} : std::string{planned.type->facet_label(facet)};
    }

    std::size_t add(StepKind kind, std::size_t resource, std::size_t facet, bool old) {
        steps_.push_back({.kind = kind, .resource = resource, .facet = facet, .old = old, .after = {}});
        return steps_.size() - 1;
    }

    void add_steps(std::size_t r) {
        const auto& planned = plan_.resources[r];
        switch (planned.action) {
            case PlanAction::keep:
            case PlanAction::unreadable: return;
            case PlanAction::forget: add(StepKind::forget, r, 0, false); return;
            case PlanAction::remove: return add_removal(r, false, planned.address);
            case PlanAction::adopt: made_[planned.address] = add(StepKind::adopt, r, 0, false); return add_making(r);
            case PlanAction::create:
            case PlanAction::update: return add_making(r);
            case PlanAction::replace: return add_replacement(r);
        }
    }

    void add_replacement(std::size_t r) {
        const auto& address = plan_.resources[r].address_in_state();
        add_making(r);
        if (plan_.resources[r].retain_on_delete) removed_[address] = add(StepKind::forget, r, 0, true);
        else add_removal(r, true, address);
    }

    void add_making(std::size_t r) {
        const auto& planned = plan_.resources[r];
        for (const auto& facet : planned.facets) {
            if (!facet.action) continue;
            const auto kind = *facet.action == StepAction::create   ? StepKind::create
                              : *facet.action == StepAction::update ? StepKind::update
                                                                    : StepKind::remove;
            const auto step = add(kind, r, facet.facet, false);
            const auto key = node_key(planned.address, label_of(planned, facet.facet));
            // An adopted resource is there once it is adopted; the update of its core comes after.
            if (const auto adopted = made_.find(key); adopted != made_.end()) steps_[step].after.push_back(adopted->second);
            else made_[key] = step;
        }
    }

    /// Facets that must come off, then the core. `address` is the one that state knows.
    void add_removal(std::size_t r, bool old, const std::string& address) {
        const auto& planned = plan_.resources[r];
        const auto* known = state_.find(address);
        const auto core = add(StepKind::remove, r, 0, old);
        if (known != nullptr && known->id == planned.id) removed_[address] = core;
        for (std::size_t i = 1; planned.type != nullptr && i < planned.type->facets.size(); ++i) {
            const auto label = label_of(planned, i);
            const bool applied = known != nullptr && known->id == planned.id && known->facets.contains(label);
            if (!applied || !planned.type->facets[i].detach_first) continue;
            const auto step = add(StepKind::remove, r, i, old);
            removed_[node_key(address, label)] = step;
            steps_[core].after.push_back(step);
        }
    }

    [[nodiscard]] std::size_t made(const std::string& key) const {
        const auto at = made_.find(key);
        return at != made_.end() ? at->second : none;
    }

    [[nodiscard]] std::size_t removed(const std::string& address, const std::string& label) const {
        if (const auto at = removed_.find(node_key(address, label)); at != removed_.end()) return at->second;
        const auto core = removed_.find(address);
        return core != removed_.end() ? core->second : none;
    }

    void wait(std::size_t step, std::size_t before) {
        if (step != none && before != none && step != before) steps_[step].after.push_back(before);
    }

    void order_making() {
        for (const auto& node : graph_.nodes) {
            const auto& declaration = graph_.declaration(node);
            const auto step = made(node_key(declaration.address, declaration.type->facet_label(node.facet)));
            if (step == none) continue;
            for (const auto before : node.dependencies) {
                const auto& other = graph_.declaration(graph_.nodes[before]);
                const auto label = other.type->facet_label(graph_.nodes[before].facet);
                wait(step, made(node_key(other.address, label)));
            }
        }
    }

    /// Whatever used a thing when it was last applied is taken away, or made anew without it, before the thing goes.
    void order_removals() {
        for (const auto& [address, known] : state_.resources)
            for (const auto& [label, facet] : known.facets)
                for (const auto& key : facet.dependencies) order_removal_of_used(key, address, label);
    }

    void order_removal_of_used(const std::string& used, const std::string& user_address, const std::string& user_label) {
        const auto hash = used.find('#');
        const auto used_address = used.substr(0, hash);
        const auto going = removed(used_address, hash == std::string::npos ? "" : used.substr(hash + 1));
        if (going == none) return;
        const auto user_goes = removed(user_address, user_label);
        if (user_goes != none && used_address != user_address) wait(going, user_goes);
        if (user_goes == none) wait_for_update(going, current_address(user_address), user_label);
    }

    void wait_for_update(std::size_t going, const std::string& user_address, const std::string& user_label) {
        const auto step = made(node_key(user_address, user_label));
        if (step == none || steps_[step].resource == steps_[going].resource) return;
        if (waits_for(step, going)) let_go(step, going);
        else wait(going, step);
    }

    /// In a delete-first replacement the old one cannot wait for users that wait for the new one. What has members is
    /// updated ahead, without those that cannot stay; of others it is up to the service whether it minds.
    void let_go(std::size_t step, std::size_t going) {
        const auto user = steps_[step];
        const auto& planned = plan_.resources[user.resource];
        if (planned.type == nullptr || user.kind != StepKind::update || !has_members(planned.type->facets[user.facet].kind)) return;
        auto at = letting_go_.find(step);
        if (at == letting_go_.end()) {
            at = letting_go_.emplace(step, add(StepKind::update, user.resource, user.facet, false)).first;
            wait(step, at->second);
        }
        steps_[at->second].lets_go_of.push_back(steps_[going].resource);
        wait(going, at->second);
    }

    [[nodiscard]] std::string current_address(const std::string& state_address) const {
        const auto at = renamed_.find(state_address);
        return std::string{at != renamed_.end() ? at->second : state_address};
    }

    void order_replacements() {
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            if (!steps_[s].old) continue;
            const auto& planned = plan_.resources[steps_[s].resource];
            const auto fresh = made(planned.address);
            if (planned.create_first) wait(s, fresh);
            else if (steps_[s].facet == 0) wait(fresh, s);
        }
        for (const auto& planned : plan_.resources)
            if (planned.action == PlanAction::replace && planned.create_first) wait_for_users(planned);
    }

    /// A part that the program no longer has comes off after the core was changed, as parts are changed after it: two calls on
    /// one thing at a time would depend on luck.
    void order_parts_taken_off() {
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            if (steps_[s].kind != StepKind::remove || steps_[s].old || steps_[s].facet == 0) continue;
            const auto core = made(plan_.resources[steps_[s].resource].address);
            if (core != none && !waits_for(core, s)) wait(s, core);
        }
    }

    /// Where the old one goes first, nothing of it may go before it is known whether it must.
    void order_decisions() {
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            auto going = steps_[s].lets_go_of;
            if (steps_[s].old) going.push_back(steps_[s].resource);
            for (const auto r : going) {
                const auto& planned = plan_.resources[r];
                if (!planned.replace_if_changed || planned.create_first) continue;
                std::set<std::size_t> asked;
                wait_for_decision(s, graph_.resource_at.find(planned.address)->second, asked);
            }
        }
    }

    /// What gives the values of the thing is made before `step`. Where that itself waits for `step` (it cannot be made before
    /// its own old one has gone, and that not before its users), what it hangs on decides for both.
    void wait_for_decision(std::size_t step, std::size_t resource, std::set<std::size_t>& asked) {
        for (const auto n : graph_.nodes_of[resource]) {
            if (graph_.nodes[n].facet != 0) continue;
            for (const auto before : graph_.nodes[n].dependencies) {
                const auto& other = graph_.declaration(graph_.nodes[before]);
                const auto giver = made(node_key(other.address, other.type->facet_label(graph_.nodes[before].facet)));
                if (giver == none) continue;
                if (!waits_for(giver, step)) wait(step, giver);
                else if (asked.insert(graph_.nodes[before].resource).second) wait_for_decision(step, graph_.nodes[before].resource, asked);
            }
        }
    }

    /// Directly or through others.
    [[nodiscard]] bool waits_for(std::size_t later, std::size_t earlier) const {
        std::set<std::size_t> seen;
        std::vector<std::size_t> open{later};
        while (!open.empty()) {
            const auto s = open.back();
            open.pop_back();
            if (s == earlier) return true;
            if (seen.insert(s).second) open.insert(open.end(), steps_[s].after.begin(), steps_[s].after.end());
        }
        return false;
    }

    /// The old one stays until everything that uses it by the program was moved to the new one.
    void wait_for_users(const PlannedResource& planned) {
        const auto at = graph_.resource_at.find(planned.address);
        const auto old = removed(planned.address_in_state(), "");
        if (at == graph_.resource_at.end() || old == none) return;
        for (const auto n : users_[at->second]) {
            const auto& user = graph_.declaration(graph_.nodes[n]);
            wait(old, made(node_key(user.address, user.type->facet_label(graph_.nodes[n].facet))));
        }
    }

    const Plan& plan_;
    const ClosedGraph& graph_;
    const State& state_;
    std::vector<Nodes> users_;                              ///< by graph resource: nodes of others that use one of its own
    std::map<std::string_view, std::string_view> renamed_;  ///< former address -> address
    std::vector<PlannedStep> steps_;
    std::map<std::string, std::size_t, std::less<>> made_;     ///< node key -> step that makes it usable
    std::map<std::string, std::size_t, std::less<>> removed_;  ///< node key in state -> step that takes it away
    std::map<std::size_t, std::size_t> letting_go_;            ///< step -> the one ahead of it that lets go
};

}  // namespace

std::vector<std::size_t> steps_in_a_circle(const std::vector<PlannedStep>& steps) {
    std::vector<std::size_t> open(steps.size());
    std::vector<std::vector<std::size_t>> dependents(steps.size());
    std::vector<std::size_t> ready;
    for (std::size_t s = 0; s < steps.size(); ++s) {
        open[s] = steps[s].after.size();
        for (const auto before : steps[s].after) dependents[before].push_back(s);
        if (open[s] == 0) ready.push_back(s);
    }
    while (!ready.empty()) {
        const auto s = ready.back();
        ready.pop_back();
        for (const auto next : dependents[s])
            if (--open[next] == 0) ready.push_back(next);
    }
    std::vector<std::size_t> circle;
    for (std::size_t s = 0; s < steps.size(); ++s)
        if (open[s] > 0) circle.push_back(s);
    return circle;
}

std::vector<PlannedStep> order_steps(const Plan& plan, const ClosedGraph& graph, const State& state, bool destroy) {
    return Ordering{plan, graph, state}.run(destroy);
}

}  // namespace strata
