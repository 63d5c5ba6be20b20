#include "engine/deploy/step_effects.hpp"

#include <utility>

#include "engine/deploy/marks.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

namespace {

ResourceState record_of(const PlannedResource& planned, std::string id, ValueMap outputs, std::string token) {
    return {.address = planned.address,
            .type = planned.type_name,
            .schema_version = planned.type->schema_version,
            .provider = planned.provider,
            .id = std::move(id),
            .outputs = std::move(outputs),
            .facets = {},
            .token = std::move(token),
            .protect = planned.protect,
            .retain_on_delete = planned.retain_on_delete};
}

/// What counts as applied of an adopted facet: the live value of each wanted property, where there is one.
FacetState adopted_facet(const PlannedResource& planned, const PlannedFacet& facet, const SealKey& key) {
    FacetState applied{.properties = {}, .dependencies = facet.dependencies};
    for (const auto& [name, value] : stored_form(*planned.type, facet.desired, key)) {
        const auto* live = facet.previous.find(name);
        applied.properties.set(name, facet.diff.empty() || live == nullptr ? value : marked_as(value, *live));
    }
    for (const auto& change : facet.diff.changes)
        if (!facet.previous.contains(change.property)) applied.properties.erase(change.property);
    return applied;
}

/// The resource leaves the place where it stands: among the resources, or among those that a replacement set aside.
Mutation gone(const PlannedResource& planned, bool stands_in_place) {
    if (stands_in_place) return {.kind = Mutation::Kind::remove_resource, .address = planned.address};
    return {.kind = Mutation::Kind::remove_deposed, .address = planned.address, .key = planned.id};
}

bool is_recorded(const PlannedResource& planned, const State& state) {
    const auto* known = state.find(planned.address_in_state());
    return known != nullptr && known->id == planned.id;
}

}  // namespace

std::vector<Mutation> effects_of_making(const PlannedResource& planned, const PlannedFacet& facet, const Step& step,
                                        const Progress& progress, const SealKey& key) {
    FacetState applied{.properties = stored_form(*planned.type, step.desired, key), .dependencies = facet.dependencies};
    std::vector<Mutation> mutations;
    if (step.action == StepAction::create && facet.facet == 0) {
        auto record = record_of(planned, progress.id, progress.outputs, step.token);
        record.facets[""] = std::move(applied);
        for (const auto& other : planned.facets)
            if (other.facet != 0 && !other.action)
                record.facets[std::string{planned.type->facet_label(other.facet)}] = {
                    .properties = stored_form(*planned.type, other.desired, key), .dependencies = other.dependencies};
        if (planned.action == PlanAction::replace && planned.create_first)
            mutations.push_back({.kind = Mutation::Kind::depose, .address = planned.address});
        mutations.push_back({.kind = Mutation::Kind::put_resource, .resource = std::move(record)});
        return mutations;
    }
    mutations.push_back({.kind = Mutation::Kind::put_facet,
                         .address = planned.address,
                         .key = std::string{planned.type->facet_label(facet.facet)},
                         .facet = std::move(applied)});
    if (!progress.outputs.empty()) {
        auto outputs = step.outputs;
        for (const auto& [name, value] : progress.outputs) outputs.set(name, value);
        mutations.push_back({.kind = Mutation::Kind::set_outputs, .address = planned.address, .value = std::move(outputs)});
    }
    return mutations;
}

std::vector<Mutation> effects_of_removing(const PlannedResource& planned, const PlannedStep& step, const State& before) {
    if (step.facet == 0) return effects_of_forgetting(planned, step, before);
    // What was set aside is deleted as a whole; at its address stands its successor.
    if (step.old || planned.set_aside) return {};
    return {{.kind = Mutation::Kind::remove_facet, .address = planned.address, .key = std::string{planned.type->facet_label(step.facet)}}};
}

std::vector<Mutation> effects_of_adopting(const PlannedResource& planned, const Present& present, const SealKey& key) {
    auto record = record_of(planned, planned.id, present.outputs, {});
    for (const auto& facet : planned.facets)
        if (facet.facet == 0 || !facet.action)
            record.facets[std::string{planned.type->facet_label(facet.facet)}] = adopted_facet(planned, facet, key);
    return {{.kind = Mutation::Kind::put_resource, .resource = std::move(record)}};
}

std::vector<Mutation> effects_of_forgetting(const PlannedResource& planned, const PlannedStep& step, const State& before) {
    const bool set_aside = planned.set_aside || (step.old && planned.create_first);
    return {gone(planned, is_recorded(planned, before) && !set_aside)};
}

std::vector<Mutation> effects_of_no_change(const PlannedResource& planned, const PlannedFacet& facet, const ValueMap& desired,
                                           const SealKey& key) {
    return {{.kind = Mutation::Kind::put_facet,
             .address = planned.address,
             .key = std::string{planned.type->facet_label(facet.facet)},
             .facet = FacetState{.properties = stored_form(*planned.type, desired, key), .dependencies = facet.dependencies}}};
}

}  // namespace strata
