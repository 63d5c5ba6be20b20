#include "cli/saved_plan.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/render/events_json.hpp"
#include "cli/render/value_text.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr int saved_plan_schema = 2;
constexpr std::size_t value_columns = 80;

Value texts(const std::vector<std::string>& items) {
    ValueList out;
    for (const auto& item : items) out.emplace_back(item);
    return out;
}

std::vector<std::string> texts_in(const Value& document, std::string_view section, std::string_view key) {
    std::vector<std::string> out;
    const auto* around = document.find(section);
    const auto* list = around != nullptr ? around->find(key) : nullptr;
    if (list == nullptr || list->list() == nullptr) return out;
    for (const auto& item : *list->list()) out.emplace_back(item.text_or(""));
    return out;
}

const ValueList& list_in(const Value& document, std::string_view key) {
    static const ValueList none;
    const auto* found = document.find(key);
    return found != nullptr && found->list() != nullptr ? *found->list() : none;
}

std::string text_in(const Value& document, std::string_view key) {
    const auto* found = document.find(key);
    return std::string{found != nullptr ? found->text_or("") : ""};
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

std::string short_text(const Value* value) { return value != nullptr ? value_text(*value, value_columns) : "nothing"; }

/// Compares lists item by item. @param name_of_item  how a person knows one
template <typename NameOfItem>
std::string difference_of_lists(const ValueList& saved, const ValueList& now, std::string_view what, NameOfItem name_of_item) {
    for (std::size_t i = 0; i < std::max(saved.size(), now.size()); ++i) {
        if (i >= saved.size()) return fmt::format("{} \"{}\" has come in", what, name_of_item(now[i]));
        if (i >= now.size()) return fmt::format("{} \"{}\" is gone", what, name_of_item(saved[i]));
        if (saved[i] == now[i]) continue;
        if (name_of_item(saved[i]) != name_of_item(now[i]))
            return fmt::format("{} {} was \"{}\" and is now \"{}\"", what, i + 1, name_of_item(saved[i]), name_of_item(now[i]));
        for (const auto& [key, before] : *saved[i].map()) {
            const auto* after = now[i].find(key);
            if (after == nullptr || !(before == *after))
                return fmt::format("{} \"{}\": {} was {} and is now {}", what, name_of_item(saved[i]), key, short_text(&before),
                                   short_text(after));
        }
        return fmt::format("{} \"{}\" changed", what, name_of_item(saved[i]));
    }
    return {};
}

/// Something that the plan touches was changed where the plan does not look, or came or went.
std::string difference_of_live(const Value& saved, const Value& now) {
    const auto* before = saved.find("live");
    const auto* after = now.find("live");
    if (before == nullptr || before->map() == nullptr || after == nullptr) return "it does not say what was live";
    for (const auto& [address, hash] : *before->map())
        if (const auto* here = after->find(address); here == nullptr || !(*here == hash))
            return fmt::format("resource \"{}\" was changed outside of Strata since the plan was made", address);
    return {};
}

std::string difference_of_stacks(const Value& saved, const Value& now) {
    const auto stack = text_in(saved, "stack");
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> bindings = {
        {{"account", "account"},
         {"region", "region"},
         {"lineage", "the state's lineage"},
         {"serial", "the state's serial"},
         {"program_hash", "the program (hash of what it declares)"}}};
    for (const auto& [key, words] : bindings) {
        const auto* before = saved.find(key);
        const auto* after = now.find(key);
        if (before == nullptr || after == nullptr || !(*before == *after))
            return fmt::format("{}: {} was {} and is now {}", stack, words, short_text(before), short_text(after));
    }
    const auto step = [](const Value& item) {
        return fmt::format("{} {} {}", text_in(item, "action"), text_in(item, "address"), text_in(item, "facet"));
    };
    const auto resource = [](const Value& item) { return fmt::format("{} {}", text_in(item, "action"), text_in(item, "address")); };
    const auto output = [](const Value& item) { return text_in(item, "name"); };
    auto found = difference_of_lists(list_in(saved, "resources"), list_in(now, "resources"), "resource", resource);
    if (found.empty()) found = difference_of_lists(list_in(saved, "steps"), list_in(now, "steps"), "step", step);
    if (found.empty()) found = difference_of_lists(list_in(saved, "outputs"), list_in(now, "outputs"), "output", output);
    if (found.empty()) found = difference_of_live(saved, now);
    return found.empty() ? found : fmt::format("{}: {}", stack, found);
}

Error stale(const std::string& file, std::string difference) {
    return Error{.kind = ErrorKind::stale_plan,
                 .summary = "The saved plan no longer fits",
                 .cause = fmt::format("{}: {}.", file, difference),
                 .remedy = "Nothing was changed. Make and review a new one:\n  strata preview --save-plan " + file};
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

std::string first_difference(const Value& saved, const Value& now) {
    if (text_in(saved, "environment") != text_in(now, "environment"))
        return fmt::format("it was made for the environment {}, and this is {}", text_in(saved, "environment"),
                           text_in(now, "environment"));
    const auto& before = list_in(saved, "stacks");
    const auto& after = list_in(now, "stacks");
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
        if (i >= before.size() || i >= after.size() || text_in(before[i], "stack") != text_in(after[i], "stack"))
            return "it was made for other stacks, or for another order of them";
        if (auto found = difference_of_stacks(before[i], after[i]); !found.empty()) return found;
    }
    return {};
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
    auto content = command.around.files.read(file);
    if (!content) return std::move(content).error();
    auto document = parse_json(*content, file);
    if (!document || document->map() == nullptr)
        return stale(file, document.ok() ? std::string{"it is no saved plan"} : document.error().cause);
    const auto* schema = document->find("schema");
    if (schema == nullptr || schema->integer_or(0) != saved_plan_schema || list_in(*document, "stacks").empty())
        return stale(file, "it was written by another version of Strata");
    auto arguments = command.arguments;
    if (arguments.environment.empty() && !command.around.variables("STRATA_ENV")) arguments.environment = text_in(*document, "environment");
    arguments.targets = texts_in(*document, "selection", "targets");
    arguments.excludes = texts_in(*document, "selection", "excludes");
    arguments.replaces = texts_in(*document, "selection", "replaces");
    return SavedPlan{file, std::move(*document), std::move(arguments)};
}

std::vector<std::string> SavedPlan::stacks() const {
    std::vector<std::string> names;
    for (const auto& stack : list_in(document_, "stacks")) names.push_back(text_in(stack, "stack"));
    return names;
}

Status SavedPlan::fits(const Operation& operation) const {
    // Through text and back, as the saved one came: a real that is whole, say, has one form only.
    const auto now = parse_json(to_json(saved_plan_document(operation.plans(), arguments_, {})), "the plan");
    if (!now) return now.error();
    if (auto difference = first_difference(document_, *now); !difference.empty()) return stale(file_, std::move(difference));
    return {};
}

}  // namespace strata::cli
