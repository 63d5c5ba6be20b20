#include "engine/plan/facet_values.hpp"

#include <algorithm>

#include "engine/base/json.hpp"

namespace strata {

ValueMap present_properties(const ResourceType& type, std::size_t facet, const ValueMap& applied, const Live* seen) {
    if (seen == nullptr) return applied;
    ValueMap present;
    for (const auto& [name, value] : applied)
        if (const auto* property = type.property(name); property == nullptr || property->write_only || property->local)
            present.set(name, value);
    for (const auto& [name, value] : seen->properties)
        if (const auto* property = type.property(name); property != nullptr && property->facet == facet) present.set(name, value);
    return present;
}

ValueMap wishes_that_no_read_answers(const ResourceType& type, const ValueMap& desired) {
    ValueMap wishes;
    for (const auto& [name, value] : desired)
        if (const auto* property = type.property(name); property == nullptr || property->local) wishes.set(name, value);
    return wishes;
}

void restore_defaults(PlannedFacet& facet) {
    for (const auto& change : facet.diff.changes)
        if (!facet.desired.contains(change.property)) facet.desired.set(change.property, change.after ? *change.after : Value{});
}

bool is_born_with(const ResourceType& type, const ValueMap& desired) {
    return std::ranges::all_of(desired, [&](const auto& entry) {
        const auto* property = type.property(entry.first);
        if (entry.second.is_null()) return true;
        if (property == nullptr || property->default_json.empty()) return false;
        const auto fallback = parse_json(property->default_json, "a default");
        return fallback.ok() && entry.second == *fallback;
    });
}

}  // namespace strata
