#pragma once

#include <string>
#include <vector>

#include "engine/plan/diff.hpp"

namespace strata {

/// A resource type with every kind of property that a diff tells apart: core properties, and the facets "rules" (a set of
/// structures named by their port) and "parameters" (a map).
extern const ResourceType gadget_type;

/// The three sides, written by wire names. An absent side is one that the comparison does not have.
struct Sides {
    ValueMap desired = {};
    std::optional<ValueMap> applied = {};
    std::optional<ValueMap> live = {};
    std::size_t facet = 0;
    std::vector<std::string> ignore_changes = {};
    std::vector<std::string> replace_on_changes = {};
    std::vector<std::string> ignore_tags = {};
    std::optional<ValueMap> applied_outputs = {};
    std::optional<ValueMap> live_outputs = {};
};

Diff diff_of(const Sides& sides);

/// One line each: `count: 3 -> 1 (yours)`; "none" for a side that is not there, " forces replacement" after what does;
/// then `no longer managed: text` and `assumed equal: password`.
std::vector<std::string> lines_of(const Diff& diff);

inline std::vector<std::string> differences(const Sides& sides) { return lines_of(diff_of(sides)); }

/// What state holds of a write-only value in these tests.
Value hash_of(const Value& value);

}  // namespace strata
