#include "cli/show_plans.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

bool has_notes(const Plan& plan) {
    return std::ranges::any_of(plan.resources, [](const PlannedResource& resource) {
        return std::ranges::any_of(resource.facets, [](const PlannedFacet& facet) {
            return !facet.diff.no_longer_managed.empty() || !facet.diff.assumed_equal.empty();
        });
    });
}

bool has_something_to_say(const Plan& plan) {
    return plan.has_changes() || !plan.errors.empty() || plan.counts().unreadable > 0 || has_notes(plan);
}

Error declined(std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::declined, .summary = "Declined", .cause = std::move(cause), .remedy = std::move(remedy)};
}

Error not_seen(const std::vector<std::string>& unseen) {
    constexpr std::size_t most = 5;
    const std::span<const std::string> named{unseen.data(), std::min(most, unseen.size())};
    const auto more = unseen.size() > most ? fmt::format(", and {} more", unseen.size() - most) : std::string{};
    return Error{.kind = ErrorKind::resources_failed,
                 .summary = "Some resources could not be read",
                 .cause = fmt::format("{}{}: nothing was changed there.", join(named, ", "), more),
                 .remedy = "The reason stands with each, above. Mend it, or leave them out with --exclude."};
}

}  // namespace

void show_plans(Command& command, const Operation& operation) {
    const auto detail = command.arguments.diff ? PlanDetail::everything : PlanDetail::changes;
    std::vector<const Plan*> quiet;
    bool first = true;
    for (const auto* plan : operation.plans()) {
        if (!has_something_to_say(*plan)) {
            quiet.push_back(plan);
            continue;
        }
        if (!first && !command.arguments.json) command.report.note("");
        first = false;
        command.report.plan(*plan, detail);
    }
    if (!quiet.empty()) command.report.nothing_to_do(quiet);
}

bool any_changes(const Operation& operation) {
    return std::ranges::any_of(operation.plans(), [](const Plan* plan) { return plan->has_changes(); });
}

Status all_seen(const Operation& operation) {
    std::vector<std::string> unseen;
    for (const auto* plan : operation.plans())
        for (const auto& resource : plan->resources)
            if (resource.action == PlanAction::unreadable) unseen.push_back(fmt::format("{} {}", plan->stack, resource.address));
    return unseen.empty() ? Status{} : Status{not_seen(unseen)};
}

Status all_seen(std::span<const DriftReport> reports) {
    std::vector<std::string> unseen;
    for (const auto& report : reports)
        for (const auto& resource : report.resources)
            if (resource.unreadable) unseen.push_back(fmt::format("{} {}", report.stack, resource.address));
    return unseen.empty() ? Status{} : Status{not_seen(unseen)};
}

Status plan_errors(Command& command, const Operation& operation, bool all) {
    const auto plans = operation.plans();
    const bool one_is_sound = std::ranges::any_of(plans, [](const Plan* plan) { return plan->errors.empty(); });
    Diagnostics found;
    for (const auto* plan : plans)
        for (const auto& error : plan->errors) found.error(error);
    if (all || !one_is_sound) return reported(command.report, found);
    for (const auto& error : found.errors()) command.report.problem(error, Severity::error);
    return {};
}

Status confirm(Command& command, const std::string& question, const std::string& wanted) {
    if (command.arguments.yes) return {};
    auto& console = command.around.console;
    if (!console.can_ask() || command.arguments.json)
        return declined("Nobody can be asked here: input or output is no terminal.",
                        "Nothing was changed. To go ahead without being asked, give --yes.");
    console.out(fmt::format("\n{} Type {} to go ahead: ", question, wanted));
    const auto answer = console.read_line(command.around.interrupt);
    if (!answer) console.out("\n");  // nobody pressed return: what follows would stand behind the question
    if (command.around.interrupt.draining())
        return Error{.kind = ErrorKind::interrupted, .summary = "Interrupted", .cause = "Nothing was changed.", .remedy = {}};
    if (answer && trimmed(*answer) == wanted) return {};
    return declined(answer ? fmt::format("\"{}\" is not \"{}\".", *answer, wanted) : "The input ended.", "Nothing was changed.");
}

std::string subject(const Operation& operation, const Workspace& workspace) {
    const auto plans = operation.plans();
    std::vector<std::string> names;
    for (const auto* plan : plans)
        if (plan->has_changes()) names.push_back(plan->stack);
    const auto& environment = workspace.loaded().environment;
    return fmt::format("{} in {} ({} {})", join(names, ", "), environment.name, environment.account, environment.region);
}

}  // namespace strata::cli
