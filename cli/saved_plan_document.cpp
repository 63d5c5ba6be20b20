#include "cli/saved_plan_document.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "cli/render/value_text.hpp"
#include "engine/base/json.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t value_columns = 80;

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
    const auto stack = member_text(saved, "stack");
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
        return fmt::format("{} {} {}", member_text(item, "action"), member_text(item, "address"), member_text(item, "facet"));
    };
    const auto resource = [](const Value& item) { return fmt::format("{} {}", member_text(item, "action"), member_text(item, "address")); };
    const auto output = [](const Value& item) { return member_text(item, "name"); };
    auto found = difference_of_lists(member_list(saved, "resources"), member_list(now, "resources"), "resource", resource);
    if (found.empty()) found = difference_of_lists(member_list(saved, "steps"), member_list(now, "steps"), "step", step);
    if (found.empty()) found = difference_of_lists(member_list(saved, "outputs"), member_list(now, "outputs"), "output", output);
    if (found.empty()) found = difference_of_live(saved, now);
    return found.empty() ? found : fmt::format("{}: {}", stack, found);
}

bool is_list_of_maps(const Value& stack, std::string_view key) {
    const auto* items = stack.find(key);
    return items != nullptr && items->list() != nullptr &&
           std::ranges::all_of(*items->list(), [](const Value& item) { return item.map() != nullptr; });
}

bool is_plan_of_stack(const Value& stack) {
    const auto* live = stack.find("live");
    if (live == nullptr || live->map() == nullptr) return false;
    return is_list_of_maps(stack, "resources") && is_list_of_maps(stack, "steps") && is_list_of_maps(stack, "outputs");
}

}  // namespace

const ValueList& member_list(const Value& document, std::string_view key) {
    static const ValueList none;
    const auto* found = document.find(key);
    return found != nullptr && found->list() != nullptr ? *found->list() : none;
}

std::string member_text(const Value& document, std::string_view key) {
    const auto* found = document.find(key);
    return std::string{found != nullptr ? found->text_or("") : ""};
}

Error plan_no_longer_fits(const std::string& file, std::string difference) {
    return Error{.kind = ErrorKind::stale_plan,
                 .summary = "The saved plan no longer fits",
                 .cause = fmt::format("{}: {}.", file, difference),
                 .remedy = "Nothing was changed. Make and review a new one:\n  strata preview --save-plan " + file};
}

Result<Value> read_saved_plan(std::string_view text, const std::string& file) {
    auto document = parse_json(text, file);
    if (!document) return plan_no_longer_fits(file, document.error().cause);
    if (document->map() == nullptr) return plan_no_longer_fits(file, "it is no saved plan");

    const auto* schema = document->find("schema");
    const auto& stacks = member_list(*document, "stacks");
    if (schema == nullptr || schema->integer_or(0) != saved_plan_schema || stacks.empty())
        return plan_no_longer_fits(file, "it was written by another version of Strata");
    if (!std::ranges::all_of(stacks, is_plan_of_stack)) return plan_no_longer_fits(file, "it is no saved plan");
    return document;
}

std::string first_difference(const Value& saved, const Value& now) {
    if (member_text(saved, "environment") != member_text(now, "environment"))
        return fmt::format("it was made for the environment {}, and this is {}", member_text(saved, "environment"),
                           member_text(now, "environment"));
    const auto& before = member_list(saved, "stacks");
    const auto& after = member_list(now, "stacks");
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
        if (i >= before.size() || i >= after.size() || member_text(before[i], "stack") != member_text(after[i], "stack"))
            return "it was made for other stacks, or for another order of them";
        if (auto found = difference_of_stacks(before[i], after[i]); !found.empty()) return found;
    }
    return {};
}

}  // namespace strata::cli
