#include "engine/deploy/drift.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/plan/desired.hpp"
#include "engine/plan/sameness.hpp"

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

void compare_facets(const ResourceType& type, const ResourceState& known, const Live& live, const Declared& said, DriftedResource& out) {
    for (std::size_t i = 0; i < std::max<std::size_t>(type.facets.size(), 1); ++i) {
        const auto facet = known.facets.find(std::string{type.facet_label(i)});
        if (facet == known.facets.end()) continue;
        auto found = diff({.type = &type,
                           .facet = i,
                           .desired = &facet->second.properties,
                           .applied = &facet->second.properties,
                           .live = &live.properties,
                           .ignore_changes = said.declaration != nullptr ? &said.declaration->options.ignore_changes : nullptr,
                           .ignore_tags = said.provider != nullptr ? &said.provider->ignore_tags : nullptr,
                           .hash = [](const void*, const Value& stored) { return stored; }});
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

/// Set at the service though nobody here asked for it: it has a default and differs from it, or belongs to a facet
/// that only exists once somebody sets it. What a service chooses by itself looks like neither.
bool set_by_somebody(const PropertySchema& property, const Value& live) {
    if (property.local || property.write_only || holds_nothing(live)) return false;
    if (property.default_json.empty()) return property.facet > 0;
    const auto usual = parse_json(property.default_json, "a default");
    return usual.ok() && !same(property.sameness, *usual, live.revealed());
}

void add_unmanaged(const ResourceType& type, const ResourceState& known, const Live& live, const Declared& said, DriftedResource& out) {
    const auto applied = known.properties();
    for (const auto& [name, value] : live.properties) {
        const auto* property = type.property(name);
        if (property == nullptr || applied.contains(name) || name == type.tags_property || !set_by_somebody(*property, value)) continue;
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
            if (input.unmanaged) add_unmanaged(*type, known, *live, said, resource);
        }
        if (resource.missing || resource.unreadable || !resource.changes.empty() || !resource.unmanaged.empty())
            report.resources.push_back(std::move(resource));
    }
    return report;
}

}  // namespace strata
