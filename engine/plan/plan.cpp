#include "engine/plan/plan.hpp"

#include <algorithm>

namespace strata {

std::string_view name_of(PlanAction action) {
    switch (action) {
        case PlanAction::keep: return "keep";
        case PlanAction::create: return "create";
        case PlanAction::update: return "update";
        case PlanAction::replace: return "replace";
        case PlanAction::remove: return "delete";
        case PlanAction::adopt: return "import";
        case PlanAction::forget: return "forget";
        case PlanAction::unreadable: return "unreadable";
    }
    return "keep";
}

std::string_view name_of(StepKind kind) {
    switch (kind) {
        case StepKind::adopt: return "import";
        case StepKind::create: return "create";
        case StepKind::update: return "update";
        case StepKind::remove: return "delete";
        case StepKind::forget: return "forget";
    }
    return "update";
}

bool is_making_of_core(const PlannedStep& step) {
    return step.facet == 0 && !step.old && (step.kind == StepKind::create || step.kind == StepKind::update);
}

bool PlannedResource::drifted() const {
    if (missing) return true;
    return std::ranges::any_of(facets, [](const PlannedFacet& facet) {
        return std::ranges::any_of(facet.diff.changes, [](const PropertyChange& change) { return change.origin != Origin::yours; });
    });
}

bool PlannedOutput::changed() const {
    if (before.has_value() != after.has_value()) return true;
    return before && !(*before == *after);
}

Plan::Counts Plan::counts() const {
    Counts counts;
    for (const auto& resource : resources) {
        switch (resource.action) {
            case PlanAction::keep: ++counts.keep; break;
            case PlanAction::create: ++counts.create; break;
            case PlanAction::update: ++counts.update; break;
            case PlanAction::replace: ++counts.replace; break;
            case PlanAction::remove: ++counts.remove; break;
            case PlanAction::adopt: ++counts.adopt; break;
            case PlanAction::forget: ++counts.forget; break;
            case PlanAction::unreadable: ++counts.unreadable; break;
        }
        if (resource.drifted()) ++counts.drifted;
        const bool loses = resource.action == PlanAction::replace || resource.action == PlanAction::remove;
        if (loses && resource.holds_data && !resource.missing && !resource.retain_on_delete) ++counts.data_at_risk;
    }
    return counts;
}

bool Plan::has_changes() const {
    return std::ranges::any_of(resources, &PlannedResource::changes) || std::ranges::any_of(outputs, &PlannedOutput::changed) ||
           std::ranges::any_of(resources, [](const PlannedResource& resource) { return !resource.former_address.empty(); });
}

}  // namespace strata
