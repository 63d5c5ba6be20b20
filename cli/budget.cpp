#include "cli/budget.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "cli/show_plans.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

bool goes(const PlannedResource& resource) { return resource.action == PlanAction::remove || resource.action == PlanAction::replace; }

std::vector<std::string> going(const std::vector<const Plan*>& plans, bool only_with_data) {
    std::vector<std::string> found;
    for (const auto* plan : plans)
        for (const auto& resource : plan->resources)
            if (goes(resource) && !resource.retain_on_delete && (resource.holds_data || !only_with_data))
                found.push_back(fmt::format("{} {}", plan->stack, resource.address));
    return found;
}

/// @param which  what they have in common: " with data", or nothing
std::string excess(const std::vector<std::string>& found, const std::optional<std::int64_t>& most, std::string_view which) {
    constexpr std::size_t most_named = 5;
    if (!most || found.size() <= static_cast<std::size_t>(*most)) return {};
    const std::span<const std::string> named{found.data(), std::min(most_named, found.size())};
    return fmt::format("{}{} would be deleted or replaced, the budget is {}: {}{}.", counted(found.size(), "resource"), which, *most,
                       join(named, ", "),
                       found.size() > most_named ? fmt::format(" and {} more", found.size() - most_named) : std::string{});
}

Error too_much(const LoadedEnvironment& loaded, const std::string& why, const std::string& given) {
    const auto& name = loaded.environment.name;
    const auto wrong = given.empty() ? std::string{} : fmt::format(" --allow names \"{}\".", given);
    return Error{.kind = ErrorKind::declined,
                 .summary = "More than the budget allows",
                 .cause = fmt::format("{}: {}{}", loaded.budget.place.known() ? loaded.budget.place.text() : name, why, wrong),
                 .remedy = fmt::format("Nothing was changed. If it is meant, say so with the environment's name:\n  --allow {}", name)};
}

}  // namespace

std::string beyond_budget(const std::vector<const Plan*>& plans, const ChangeBudget& budget) {
    auto found = excess(going(plans, true), budget.data_losses, " with data");
    if (!found.empty()) return found;
    return excess(going(plans, false), budget.deletions, "");
}

Status agree(Command& command, Operation& operation, const std::string& question, const std::string& wanted, bool ask) {
    const auto& loaded = operation.workspace().loaded();
    const auto& name = loaded.environment.name;
    const auto& given = command.arguments.allow;
    const auto why = beyond_budget(operation.plans(), loaded.budget);
    if (why.empty() || given == name) return ask ? confirm(command, question, wanted) : Status{};
    const bool can_be_typed = ask && given.empty() && !command.arguments.yes && command.around.console.can_ask() && !command.arguments.json;
    if (!can_be_typed) return too_much(loaded, why, given);
    return confirm(command, fmt::format("{}\n{}", why, question), name);
}

}  // namespace strata::cli
