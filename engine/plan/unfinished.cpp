#include "engine/plan/unfinished.hpp"

#include "engine/plan/desired.hpp"

namespace strata {

void go_on_with_creation(const PlannerInput& input, const ResourceDeclaration& declaration, PlannedResource& planned) {
    const auto* begun = Known{input}.handed_over(planned, "create");
    if (begun == nullptr || planned.facets.front().action != StepAction::create) return;
    auto wanted = stored_form(*planned.type, planned.facets.front().desired, *input.hash_key);
    // Where a replacement's update would bring a default back, a new thing has it.
    for (const auto& change : planned.facets.front().diff.changes)
        if (change.property != planned.type->tags_property && !declaration.properties.contains(change.property))
            wanted.erase(change.property);
    if (!(wanted == begun->properties)) return;
    planned.continues = begun->step;
    if (planned.action == PlanAction::create) planned.reasons.clear();
    planned.reasons.emplace_back("still being created: an earlier run began it");
}

void go_on_with_removal(const Known& known, PlannedResource& planned) {
    if (planned.action != PlanAction::remove) return;
    const auto* begun = known.handed_over(planned, "remove");
    if (begun == nullptr) return;
    planned.continues = begun->step;
    planned.reasons.emplace_back("still being deleted: an earlier run began it");
}

bool go_on_with_replacement(const Known& known, PlannedResource& planned) {
    if (known.recorded(planned) == nullptr || known.live(planned) == nullptr) return false;
    const auto* begun = known.handed_over(planned, "remove");
    if (begun == nullptr) return false;
    planned.action = PlanAction::replace;
    planned.create_first = false;
    planned.continues = begun->step;
    planned.reasons.emplace_back("still being deleted: an earlier run began it");
    return true;
}

bool wait_for_change(const PlannerInput& input, PlannedResource& planned) {
    const auto* seen = Known{input}.live(planned);
    if (seen == nullptr || !seen->pending || !input.unsettled.contains(planned.address_in_state())) return false;
    if (planned.action != PlanAction::keep && planned.action != PlanAction::update) return false;
    planned.settles_first = true;
    planned.action = PlanAction::update;
    planned.reasons.emplace_back("still being changed: an earlier run began it");
    return true;
}

}  // namespace strata
