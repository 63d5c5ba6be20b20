#include <algorithm>
#include <array>

#include "cli/saved_plan_document.hpp"
#include "engine/base/json.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

/// Without one of these a plan is bound to nothing, and fits nothing.
bool is_bound(const Value& stack) {
    constexpr std::array<std::string_view, 5> bindings = {"account", "region", "lineage", "serial", "program_hash"};
    return std::ranges::all_of(bindings, [&](std::string_view key) { return stack.find(key) != nullptr; });
}

}  // namespace

void saved_plan(std::string_view input) {
    const auto document = cli::read_saved_plan(input, "plan.json");
    if (!document) return require_readable(document.error());
    const bool bound = std::ranges::all_of(cli::member_list(*document, "stacks"), is_bound);
    require(cli::first_difference(*document, *document).empty() == bound, "a plan fits itself when it is bound");

    const auto again = cli::read_saved_plan(to_json(*document, JsonStyle::indented), "plan.json");
    require(again.ok() && *again == *document, "a plan that is written reads as the same plan");
}

}  // namespace strata::fuzz
