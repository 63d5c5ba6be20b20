#include "providers/aws/model/shape.hpp"

#include <algorithm>
#include <array>

namespace strata::aws {

namespace {

/// The entry of that name in a table that ascends by name, or nullptr.
template <typename Entry>
const Entry* named(std::span<const Entry> table, std::string_view name) {
    const auto at = std::ranges::lower_bound(table, name, {}, &Entry::name);
    return at != table.end() && at->name == name ? &*at : nullptr;
}

constexpr std::array<std::string_view, 14> reading_verbs = {"BatchCheck", "BatchGet", "Decode", "Decrypt", "Describe",
                                                            "Filter",     "Get",      "Head",   "List",    "Lookup",
                                                            "Query",      "Scan",     "Search", "Validate"};

}  // namespace

const Member* Shape::member(std::string_view member_name) const { return named(members, member_name); }

const Operation* Service::operation(std::string_view operation_name) const { return named(operations, operation_name); }

const Waiter* Service::waiter(std::string_view waiter_name) const { return named(waiters, waiter_name); }

bool is_read_only(const Operation& operation) {
    return std::ranges::any_of(reading_verbs, [&](std::string_view verb) { return operation.name.starts_with(verb); });
}

}  // namespace strata::aws
