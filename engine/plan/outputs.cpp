#include "engine/plan/outputs.hpp"

#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata {

namespace {

Error twice(const StackOutput& output) {
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = "Two outputs have one name",
                 .cause = fmt::format("\"{}\" is given twice.", output.name),
                 .remedy = {},
                 .location = output.declared_at};
}

Error still_used(const PlannedOutput& output, const std::string& stack) {
    return Error{.kind = ErrorKind::invalid_program,
                 .summary = "An output in use goes away",
                 .cause = fmt::format("\"{}\" of stack {} is used by: {}.", output.name, stack, join(output.used_by, ", ")),
                 .remedy = "Take the reference out of those stacks and deploy them first.",
                 .location = {}};
}

void drop(const std::string& name, const Value& value, const State& state, Plan& plan) {
    const auto users = state.used_by.find(name);
    PlannedOutput gone{.name = name,
                       .before = value,
                       .after = {},
                       .description = {},
                       .used_by = users != state.used_by.end() ? users->second : std::vector<std::string>{}};
    if (!gone.used_by.empty() && !plan.destroy) plan.errors.push_back(still_used(gone, plan.stack));
    plan.outputs.push_back(std::move(gone));
}

}  // namespace

void plan_outputs(const Graph& graph, const State& state, Resolver& resolver, Plan& plan) {
    std::set<std::string, std::less<>> names;
    if (!plan.destroy)
        for (const auto& output : graph.outputs()) {
            if (!names.insert(output.name).second) plan.errors.push_back(twice(output));
            const auto before = state.outputs.find(output.name);
            plan.outputs.push_back({.name = output.name,
                                    .before = before != state.outputs.end() ? std::optional{before->second} : std::nullopt,
                                    .after = resolver.resolve(output.value),
                                    .description = output.description,
                                    .used_by = {}});
        }
    for (const auto& [name, value] : state.outputs)
        if (!names.contains(name)) drop(name, value, state, plan);
}

}  // namespace strata
