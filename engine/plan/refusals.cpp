#include "engine/plan/refusals.hpp"

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/plan/steps.hpp"

namespace strata {

void refuse_protected(const State& state, Plan& plan) {
    for (const auto& planned : plan.resources) {
        const bool goes = planned.action == PlanAction::remove || planned.action == PlanAction::replace;
        const auto* known = state.find(planned.address_in_state(), planned.type_name);
        const bool kept = known != nullptr && known->id == planned.id && known->protect;
        if (!goes || planned.missing || !(planned.protect || kept)) continue;
        plan.errors.push_back(
            Error{.kind = ErrorKind::invalid_program,
                  .summary = "A protected resource would be lost",
                  .cause = fmt::format("{} is protected, but would be {}: {}.", planned.address,
                                       planned.action == PlanAction::replace ? "replaced" : "deleted", join(planned.reasons, "; ")),
                  .remedy = fmt::format("Undo the change, or take the protection off first:\n  strata state unprotect {}", planned.address),
                  .location = planned.declared_at});
    }
}

void refuse_circle(Plan& plan) {
    const auto circle = steps_in_a_circle(plan.steps);
    if (circle.empty()) return;
    std::set<std::string> addresses;
    for (const auto s : circle) addresses.insert(plan.resources[plan.steps[s].resource].address);
    const std::vector<std::string> names{addresses.begin(), addresses.end()};
    plan.errors.push_back(
        Error{.kind = ErrorKind::internal,
              .summary = "Steps wait for each other",
              .cause = fmt::format("What is to happen to {} cannot be put in an order.", join(names, ", ")),
              .remedy = "Deploy in two goes: first without those that use what is replaced or moved. And please report this program.",
              .location = {}});
}

}  // namespace strata
