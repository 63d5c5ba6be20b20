#include "cli/saved_plan.hpp"

#include <fmt/format.h>

#include "cli/render/events_json.hpp"
#include "cli/saved_plan_document.hpp"
#include "engine/base/json.hpp"

namespace strata::cli {

namespace {

Value texts(const std::vector<std::string>& items) {
    ValueList out;
    for (const auto& item : items) out.emplace_back(item);
    return out;
}

std::vector<std::string> texts_in(const Value& document, std::string_view section, std::string_view key) {
    std::vector<std::string> out;
    const auto* around = document.find(section);
    if (around == nullptr) return out;
    for (const auto& item : member_list(*around, key)) out.emplace_back(item.text_or(""));
    return out;
}

/// Lines move when a comment is written; what the program asks for does not.
Value without_locations(const Value& value) {
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(without_locations(item));
        return out;
    }
    const auto* members = value.map();
    if (members == nullptr) return value;
    ValueMap out;
    for (const auto& [key, item] : *members)
        if (key != "location") out.set(key, without_locations(item));
    return out;
}

Value fingerprints_of(const Plan& plan) {
    ValueMap hashes;
    for (const auto& [address, hash] : plan.fingerprints) hashes.set(address, hash);
    return hashes;
}

/// A stack that was never deployed gets its lineage with its first save: before that there is nothing to compare.
Value plan_value(const Plan& plan) {
    return Value::map({{"stack", plan.stack},
                       {"lineage", plan.serial > 0 ? plan.lineage : ""},
                       {"serial", static_cast<std::int64_t>(plan.serial)},
                       {"account", plan.identity.account},
                       {"region", plan.identity.region},
                       {"program_hash", plan.program_hash},
                       {"resources", without_locations(resources_of(plan))},
                       {"steps", steps_of(plan)},
                       {"outputs", outputs_of(plan)},
                       {"live", fingerprints_of(plan)}});
}

}  // namespace

Value saved_plan_document(const std::vector<const Plan*>& plans, const Arguments& arguments, const std::string& time) {
    ValueList stacks;
    for (const auto* plan : plans) stacks.push_back(plan_value(*plan));
    return Value::map({{"schema", saved_plan_schema},
                       {"strata", STRATA_VERSION},
                       {"made", time},
                       {"environment", plans.front()->environment},
                       {"selection", Value::map({{"targets", texts(arguments.targets)},
                                                 {"excludes", texts(arguments.excludes)},
                                                 {"replaces", texts(arguments.replaces)}})},
                       {"stacks", std::move(stacks)}});
}

Status save_plan(Command& command, const Operation& operation) {
    const auto document = saved_plan_document(operation.plans(), command.arguments, iso8601(command.around.clock.now()));
    if (auto written = command.around.files.replace(command.arguments.save_plan, to_json(document, JsonStyle::indented) + "\n"); !written)
        return written;
    command.report.note(
        fmt::format("\nThe plan is in {}. Carry it out:\n  strata up --plan {}", command.arguments.save_plan, command.arguments.save_plan));
    return {};
}

Result<SavedPlan> SavedPlan::load(Command& command) {
    const auto& file = command.arguments.plan;
    if (command.arguments.all || !command.arguments.stacks.empty() || !command.arguments.targets.empty() ||
        !command.arguments.excludes.empty() || !command.arguments.replaces.empty())
        return Error{.kind = ErrorKind::usage,
                     .summary = "The saved plan says what is done",
                     .cause = "--plan goes together neither with stacks nor with --target, --exclude or --replace.",
                     .remedy = "Leave them out."};
    auto content = command.around.files.read_front(file, JsonLimits{}.bytes + 1);
    if (!content) return std::move(content).error();
    auto document = read_saved_plan(*content, file);
    if (!document) return std::move(document).error();
    auto arguments = command.arguments;
    if (arguments.environment.empty() && !command.around.variables("STRATA_ENV"))
        arguments.environment = member_text(*document, "environment");
    arguments.targets = texts_in(*document, "selection", "targets");
    arguments.excludes = texts_in(*document, "selection", "excludes");
    arguments.replaces = texts_in(*document, "selection", "replaces");
    return SavedPlan{file, std::move(*document), std::move(arguments)};
}

std::vector<std::string> SavedPlan::stacks() const {
    std::vector<std::string> names;
    for (const auto& stack : member_list(document_, "stacks")) names.push_back(member_text(stack, "stack"));
    return names;
}

Status SavedPlan::fits(const Operation& operation) const {
    // Through text and back, as the saved one came: a real that is whole, say, has one form only.
    const auto now = parse_json(to_json(saved_plan_document(operation.plans(), arguments_, {})), "the plan");
    if (!now) return now.error();
    if (auto difference = first_difference(document_, *now); !difference.empty()) return plan_no_longer_fits(file_, std::move(difference));
    return {};
}

}  // namespace strata::cli
