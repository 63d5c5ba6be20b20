#include "engine/deploy/drift.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

namespace {

/// What the program says about comparing a resource; nothing when it no longer declares it.
struct Declared {
    const ResourceDeclaration* declaration = nullptr;
    const ProviderDeclaration* provider = nullptr;
};

Declared declared(const DriftInput& input, const std::string& address) {
    if (input.graph == nullptr || input.graph->graph == nullptr) return {};
    const auto& graph = *input.graph->graph;
    const auto found = std::ranges::find_if(
        graph.resources(), [&](const ResourceDeclaration& candidate) { return state_address(*input.state, candidate) == address; });
    if (found == graph.resources().end()) return {};
    const auto provider = std::ranges::find(graph.providers(), provider_of(*found), &ProviderDeclaration::name);
    return {.declaration = &*found, .provider = provider != graph.providers().end() ? &*provider : nullptr};
}

/// From what was applied to what is live: the other way round than a plan tells it.
PropertyChange turned_round(PropertyChange change) {
    std::swap(change.before, change.after);
    change.forces_replacement = false;
    change.origin = Origin::drift;
    return change;
}

Value as_stored(const void* /*key*/, const Value& stored) { return stored; }

void compare_facets(const ResourceType& type, const ResourceState& known, const Live& live, const Declared& said, DriftedResource& out) {
    for (std::size_t i = 0; i < std::max<std::size_t>(type.facets.size(), 1); ++i) {
        const auto facet = known.facets.find(std::string{type.facet_label(i)});
        if (facet == known.facets.end()) continue;
        auto found = diff({.type = &type,
                           .facet = i,
                           .desired = &facet->second.properties,
                           .applied = &facet->second.properties,
                           .live = &live.properties,
                           .applied_outputs = &known.outputs,
                           .live_outputs = &live.outputs,
                           .ignore_changes = said.declaration != nullptr ? &said.declaration->options.ignore_changes : nullptr,
                           .ignore_tags = said.provider != nullptr ? &said.provider->ignore_tags : nullptr,
                           .hash = as_stored});
        for (auto& change : found.changes) out.changes.push_back(turned_round(std::move(change)));
    }
}

bool holds_nothing(const Value& value) {
    const auto& plain = value.revealed();
    if (plain.is_null()) return true;
    if (plain.string() != nullptr) return plain.string()->empty();
    if (plain.list() != nullptr) return plain.list()->empty();
    return plain.map() != nullptr && plain.map()->empty();
}

/// Alike by the type's own rules (sets in any order, documents by content), and neither holds more than the other.
bool alike(const ResourceType& type, const PropertySchema& property, const Value& one, const Value& other) {
    const auto covers = [&](const Value& wanted, const Value& found) {
        const ValueMap desired{{std::string{property.name}, wanted}};
        const ValueMap live{{std::string{property.name}, found}};
        return diff({.type = &type, .facet = property.facet, .desired = &desired, .applied = &desired, .live = &live, .hash = as_stored})
            .empty();
    };
    return covers(one, other) && covers(other, one);
}

/// What a property may hold that nobody ever set: the type's default, and what the service puts there by itself.
std::vector<Value> usual_values(const ResourceType& type, const PropertySchema& property, const ValueMap& applied, const Live& live,
                                const Provider* provider) {
    auto usual = provider != nullptr ? provider->service_defaults(type, property.name, live, applied) : std::vector<Value>{};
    if (property.default_json.empty()) return usual;
    if (auto fallback = parse_json(property.default_json, "a default")) usual.push_back(*std::move(fallback));
    return usual;
}

/// Set at the service though nobody here asked for it: not one of its usual values, or, where none is known, part of a facet
/// that only exists once somebody sets it. What a service chooses by itself in the core looks like neither.
bool set_by_somebody(const ResourceType& type, const PropertySchema& property, const Value& value, const std::vector<Value>& usual) {
    if (usual.empty()) return property.facet > 0;
    return std::ranges::none_of(usual, [&](const Value& one) { return alike(type, property, one, value.revealed()); });
}

void add_unmanaged(const ResourceType& type, const ResourceState& known, const Live& live, const Declared& said, const Provider* provider,
                   DriftedResource& out) {
    const auto applied = known.properties();
    for (const auto& [name, value] : live.properties) {
        const auto* property = type.property(name);
        if (property == nullptr || applied.contains(name) || name == type.tags_property) continue;
        if (property->local || property->write_only || holds_nothing(value)) continue;
        if (!set_by_somebody(type, *property, value, usual_values(type, *property, applied, live, provider))) continue;
        const auto shown = property->secret ? Value::secret(value) : value;
        out.unmanaged.push_back(
            {.path = std::string{property->label}, .property = name, .before = {}, .after = shown, .origin = Origin::drift, .where = {}});
    }
    const auto* tags = live.properties.find(type.tags_property);
    const auto* ours = applied.find(type.tags_property);
    if (tags == nullptr || tags->map() == nullptr) return;
    for (const auto& [key, value] : *tags->map()) {
        if (ours != nullptr && ours->find(key) != nullptr) continue;
        if (said.provider != nullptr && covered_by(said.provider->ignore_tags, key)) continue;
        out.unmanaged.push_back({.path = fmt::format("tags[{}]", key),
                                 .property = std::string{type.tags_property},
                                 .before = {},
                                 .after = value,
                                 .origin = Origin::drift,
                                 .where = {}});
    }
}

}  // namespace

bool DriftReport::drifted() const {
    return std::ranges::any_of(resources, [](const DriftedResource& resource) {
        return resource.missing || !resource.changes.empty() || !resource.unmanaged.empty();
    });
}

DriftReport drift_of(const DriftInput& input) {
    DriftReport report{
        .stack = input.state->stack, .environment = input.state->environment, .resources = {}, .read_live = input.live->size()};
    for (const auto& [address, known] : input.state->resources) {
        const auto at = input.live->find(address);
        if (at == input.live->end() || !input.selection.selects(address)) continue;
        DriftedResource resource{
            .address = address, .type_name = known.type, .id = known.id, .unreadable = {}, .changes = {}, .unmanaged = {}};
        resource.missing = std::holds_alternative<Absent>(at->second);
        if (const auto* unseen = std::get_if<Unreadable>(&at->second)) resource.unreadable = unseen->why;
        const auto* type = input.providers->find_type(known.type);
        const auto* live = std::get_if<Live>(&at->second);
        if (type != nullptr && live != nullptr) {
            const auto said = declared(input, address);
            compare_facets(*type, known, *live, said, resource);
            if (input.unmanaged) add_unmanaged(*type, known, *live, said, input.providers->peek(known.provider), resource);
        }
        if (resource.missing || resource.unreadable || !resource.changes.empty() || !resource.unmanaged.empty())
            report.resources.push_back(std::move(resource));
    }
    return report;
}

}  // namespace strata
