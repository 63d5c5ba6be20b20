#include "engine/deploy/present.hpp"

#include <variant>

#include <fmt/format.h>

namespace strata {

namespace {

Present recorded_or_live(const PlannedResource& planned, const State& state, const LiveMap& live) {
    const auto& key = planned.former_address.empty() ? planned.address : planned.former_address;
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

Presence::Presence(const Plan& plan, const State& state, const LiveMap& live) : state_{state}, live_{live} {
    present_.reserve(plan.resources.size());
    for (std::size_t r = 0; r < plan.resources.size(); ++r) {
        present_.push_back(recorded_or_live(plan.resources[r], state, live));
        planned_at_.emplace(plan.resources[r].address, r);
    }
}

Value Presence::output_of(const ResourceDeclaration& declaration, const std::string& output) const {
    const auto* schema = declaration.type->output(output);
    const auto at = planned_at_.find(declaration.address);
    const auto* value = at != planned_at_.end() ? present_[at->second].outputs.find(output) : nullptr;
    if (value == nullptr) return Value::unknown(fmt::format("{}.{}", declaration.address, schema != nullptr ? schema->label : output));
    return schema != nullptr && schema->secret ? Value::secret(*value) : *value;
}

Present Presence::before(const PlannedResource& planned) const {
    auto before = recorded_or_live(planned, state_, live_);
    if (!before.properties.empty()) return before;
    for (const auto& old : state_.deposed)
        if (old.address == planned.address && old.id == planned.id)
            return {.id = old.id, .outputs = old.outputs, .properties = old.properties()};
    return before;
}

}  // namespace strata
