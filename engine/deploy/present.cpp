#include "engine/deploy/present.hpp"

#include <variant>

#include <fmt/format.h>

namespace strata {

namespace {

/// Of what a replacement set aside there is only what state says: what was read at its address is its successor.
Present recorded_or_live(const PlannedResource& planned, const State& state, const LiveMap& live) {
    for (const auto& old : state.deposed)
        if (old.address == planned.address && old.id == planned.id)
            return {.id = old.id, .outputs = old.outputs, .properties = old.properties()};
    const auto& key = planned.address_in_state();
    const auto* at_address = state.find(key);
    if (at_address != nullptr && at_address->type != planned.type_name) return {.id = planned.id, .outputs = {}, .properties = {}};
    Present present{.id = planned.id, .outputs = {}, .properties = {}};
    if (const auto* known = state.find(key); known != nullptr && known->id == planned.id) {
        present.outputs = known->outputs;
        present.properties = known->properties();
    }
    if (const auto at = live.find(key); at != live.end())
        if (const auto* seen = std::get_if<Live>(&at->second)) {
            for (const auto& [name, value] : seen->outputs) present.outputs.set(name, value);
            for (const auto& [name, value] : seen->properties) present.properties.set(name, value);
        }
    return present;
}

}  // namespace

Presence::Presence(const Plan& plan, const State& state, const LiveMap& live) : plan_{plan}, state_{state}, live_{live} {
    present_.reserve(plan.resources.size());
    for (std::size_t r = 0; r < plan.resources.size(); ++r) {
        present_.push_back(recorded_or_live(plan.resources[r], state, live));
        planned_at_.emplace(plan.resources[r].address, r);
    }
    // What is adopted is usable before its update.
    for (const auto& step : plan.steps)
        if (is_making_of_core(step) && plan.resources[step.resource].action != PlanAction::adopt) present_[step.resource].pending = true;
}

Value Presence::output_of(const ResourceDeclaration& declaration, const std::string& output) const {
    const auto* schema = declaration.type->output(output);
    const auto at = planned_at_.find(declaration.address);
    const bool known = at != planned_at_.end() && is_known(at->second, schema != nullptr && schema->stable);
    const auto* value = known ? present_[at->second].outputs.find(output) : nullptr;
    if (value == nullptr) return Value::unknown(fmt::format("{}.{}", declaration.address, schema != nullptr ? schema->label : output));
    return schema != nullptr && schema->secret ? Value::secret(*value) : *value;
}

bool Presence::is_known(std::size_t resource, bool stable) const {
    const auto& present = present_[resource];
    if (!present.pending) return true;
    const bool stays = plan_.resources[resource].action == PlanAction::update || (present.decided && present.shrunk);
    return stays && stable;
}

std::optional<std::size_t> Presence::planned_for(std::string_view node_key) const {
    const auto at = planned_at_.find(node_key.substr(0, node_key.find('#')));
    return at != planned_at_.end() ? std::optional{at->second} : std::nullopt;
}

Present Presence::before(const PlannedResource& planned) const { return recorded_or_live(planned, state_, live_); }

}  // namespace strata
