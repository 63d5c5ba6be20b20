#include "engine/plan/steps.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strata {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

/// Something that state knows and that goes: the steps that take it away.
struct Going {
    const ResourceState* known;
    std::size_t core;
    std::map<std::string, std::size_t, std::less<>> facets;  ///< by label, those that come off by a call of their own

    [[nodiscard]] std::size_t step_of(std::string_view label) const {
        const auto facet = facets.find(label);
        return facet != facets.end() ? facet->second : core;
    }
};

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
        order_names();
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
            case PlanAction::remove: return add_removal(r, false);
            case PlanAction::adopt: made_[planned.address] = add(StepKind::adopt, r, 0, false); return add_making(r);
            case PlanAction::create:
            case PlanAction::update: return add_making(r);
            case PlanAction::replace: return add_replacement(r);
        }
    }

    void add_replacement(std::size_t r) {
        add_making(r);
        if (!plan_.resources[r].retain_on_delete) return add_removal(r, true);
        const auto forgotten = add(StepKind::forget, r, 0, true);
        if (const auto* known = record_of(plan_.resources[r])) goes({.known = known, .core = forgotten, .facets = {}});
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

    /// What state holds of the thing that goes: in its place, or among those that a replacement set aside.
    [[nodiscard]] const ResourceState* record_of(const PlannedResource& planned) const {
        for (const auto& old : state_.deposed)
            if (old.address == planned.address_in_state() && old.id == planned.id) return &old;
        const auto* known = state_.find(planned.address_in_state());
        return known != nullptr && known->id == planned.id ? known : nullptr;
    }

    /// Facets that must come off, then the core.
    void add_removal(std::size_t r, bool old) {
        const auto& planned = plan_.resources[r];
        const auto* known = record_of(planned);
        const auto core = add(StepKind::remove, r, 0, old);
        if (known == nullptr) return;
        Going going{.known = known, .core = core, .facets = {}};
        for (std::size_t i = 1; planned.type != nullptr && i < planned.type->facets.size(); ++i) {
            const auto label = label_of(planned, i);
            if (!known->facets.contains(label) || !planned.type->facets[i].detach_first) continue;
            const auto step = add(StepKind::remove, r, i, old);
            going.facets[label] = step;
            steps_[core].after.push_back(step);
        }
        goes(std::move(going));
    }

    void goes(Going going) {
        going_at_[going.known->address].push_back(going_.size());
        going_of_[going.known] = going_.size();
        going_.push_back(std::move(going));
    }

    [[nodiscard]] std::size_t made(const std::string& key) const {
        const auto at = made_.find(key);
        return at != made_.end() ? at->second : none;
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
        for (const auto& [address, known] : state_.resources) order_removals_of_used(known, true);
        for (const auto& old : state_.deposed) order_removals_of_used(old, false);
        for (const auto& node : graph_.nodes) order_removal_of_recovered(node);
        // What goes with its user decides which updates cannot wait: those come last.
        for (const auto& [going, user] : moving_) wait_for_update(going, user);
    }

    /// What recovery took in has no record of what it used: there the program tells, unless state contradicts.
    void order_removal_of_recovered(const GraphNode& node) {
        const auto& declaration = graph_.declaration(node);
        const auto* user = state_.find(declaration.address, declaration.type->name);
        const auto user_goes = going_of_.find(user);
        if (user == nullptr || user_goes == going_of_.end()) return;
        const auto label = declaration.type->facet_label(node.facet);
        const auto recorded = user->facets.find(label);
        if (recorded == user->facets.end() || !recorded->second.dependencies.empty()) return;
        const auto step = going_[user_goes->second].step_of(label);
        for (const auto before : node.dependencies) {
            const auto& other = graph_.declaration(graph_.nodes[before]);
            const auto at = going_at_.find(other.address);
            if (at == going_at_.end() || other.address == declaration.address) continue;
            for (const auto used : at->second) {
                const auto going = going_[used].step_of(other.type->facet_label(graph_.nodes[before].facet));
                if (!waits_for(step, going)) wait(going, step);
            }
        }
    }

    void order_removals_of_used(const ResourceState& user, bool stands_in_place) {
        for (const auto& [label, facet] : user.facets)
            for (const auto& key : facet.dependencies) {
                const auto hash = key.find('#');
                const auto at = going_at_.find(std::string_view{key}.substr(0, hash));
                if (at == going_at_.end()) continue;
                const auto used_label = hash == std::string::npos ? std::string_view{} : std::string_view{key}.substr(hash + 1);
                for (const auto used : at->second) order_removal(going_[used], used_label, user, label, stands_in_place);
            }
    }

    /// Of what has an address and what was set aside there, any may be the one that was used.
    void order_removal(const Going& used, std::string_view used_label, const ResourceState& user, const std::string& label,
                       bool stands_in_place) {
        const auto going = used.step_of(used_label);
        const auto user_goes = going_of_.find(&user);
        if (user_goes == going_of_.end()) {
            if (stands_in_place) moving_.emplace_back(going, made(node_key(current_address(user.address), label)));
        } else if (used.known->address != user.address) {
            const auto user_step = going_[user_goes->second].step_of(label);
            if (!waits_for(user_step, going)) wait(going, user_step);
        }
    }

    void wait_for_update(std::size_t going, std::size_t step) {
        if (step == none || steps_[step].resource == steps_[going].resource) return;
        if (waits_for(step, going)) let_go(step, going);
        else wait(going, step);
    }

    /// Where the old one goes first it cannot wait for users that wait for the new one. What has members is
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

    /// What has a name goes before something is made that shall have it: what a replacement set aside under the name that is wanted
    /// again, what was declared under another address.
    void order_names() {
        std::map<std::pair<std::string_view, std::string>, std::size_t> coming;  // by type and name
        for (const auto& planned : plan_.resources) {
            const auto step = made(planned.address);
            if (planned.facets.empty() || step == none || steps_[step].kind != StepKind::create) continue;
            if (const auto name = name_in(planned.type, planned.facets.front().desired); !name.empty())
                coming.emplace(std::pair{planned.type->name, name}, step);
        }
        for (const auto& planned : plan_.resources) {
            const auto going = planned.action == PlanAction::remove ? going_of_.find(record_of(planned)) : going_of_.end();
            if (going == going_of_.end()) continue;
            const auto core = going->first->facets.find("");
            if (core == going->first->facets.end()) continue;
            const auto at = coming.find({going->first->type, name_in(planned.type, core->second.properties)});
            if (at != coming.end()) wait(at->second, going_[going->second].core);
        }
    }

    /// Empty where the type has no names, or it is not known yet.
    static std::string name_in(const ResourceType* type, const ValueMap& properties) {
        const auto* name = type != nullptr ? properties.find(type->name_property) : nullptr;
        return name != nullptr && name->string() != nullptr ? *name->string() : std::string{};
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
            if ((planned.action == PlanAction::replace && planned.create_first) || is_deposed(planned)) wait_for_users(planned);
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

    [[nodiscard]] bool is_deposed(const PlannedResource& planned) const {
        const auto* known = record_of(planned);
        return known != nullptr && known != state_.find(known->address);
    }

    /// The old one stays until everything that uses it by the program was moved to the new one.
    void wait_for_users(const PlannedResource& planned) {
        const auto at = graph_.resource_at.find(planned.address);
        const auto going = going_of_.find(record_of(planned));
        if (at == graph_.resource_at.end() || going == going_of_.end()) return;
        const auto old = going_[going->second].core;
        for (const auto n : users_[at->second]) {
            const auto& user = graph_.declaration(graph_.nodes[n]);
            const auto step = made(node_key(user.address, user.type->facet_label(graph_.nodes[n].facet)));
            if (step != none && !waits_for(step, old)) wait(old, step);
        }
    }

    const Plan& plan_;
    const ClosedGraph& graph_;
    const State& state_;
    std::vector<Nodes> users_;                              ///< by graph resource: nodes of others that use one of its own
    std::map<std::string_view, std::string_view> renamed_;  ///< former address -> address
    std::vector<PlannedStep> steps_;
    std::map<std::string, std::size_t, std::less<>> made_;  ///< node key -> step that makes it usable
    std::vector<Going> going_;
    std::map<std::string_view, std::vector<std::size_t>, std::less<>> going_at_;  ///< address in state -> indices into going_
    std::map<const ResourceState*, std::size_t> going_of_;                        ///< record in state -> index into going_
    std::vector<std::pair<std::size_t, std::size_t>> moving_;                     ///< a step that takes away, and one that moves a user
    std::map<std::size_t, std::size_t> letting_go_;                               ///< step -> the one ahead of it that lets go
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
