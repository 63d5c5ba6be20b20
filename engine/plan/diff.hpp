#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/model/declared.hpp"
#include "engine/model/schema.hpp"

namespace strata {

/// Who made the difference between what is wanted and what is live.
enum class Origin : std::uint8_t {
    yours,  ///< the program asks for something else than was last applied
    drift,  ///< somebody changed the live resource
    both,
};
std::string_view name_of(Origin origin);

/// One difference, as deep as it can be told.
struct PropertyChange {
    std::string path;             ///< labels, for people: "routes[0.0.0.0/0].nat_gateway_id"
    std::string property;         ///< wire name of the top-level property
    std::optional<Value> before;  ///< live; empty when it is not there
    std::optional<Value> after;   ///< wanted; empty when it is taken away; may be unknown
    Origin origin = Origin::yours;
    bool forces_replacement = false;
    Location where;  ///< of the property in the program; unknown when the program no longer sets it
};

struct Diff {
    std::vector<PropertyChange> changes;
    std::vector<std::string> no_longer_managed;  ///< labels: were set, are not any more, and no default is known
    std::vector<std::string> assumed_equal;      ///< labels of write-only properties with nothing to compare against

    [[nodiscard]] bool empty() const { return changes.empty(); }
    [[nodiscard]] bool replaces() const;
    /// Replaces only through values that are not known yet.
    [[nodiscard]] bool replaces_if_changed() const;
    /// Wire names of the top-level properties that differ, sorted, each once.
    [[nodiscard]] std::vector<std::string> changed_properties() const;
};

/// What the three sides of a comparison are.
struct DiffInput {
    const ResourceType* type = nullptr;
    std::size_t facet = 0;
    const ValueMap* desired = nullptr;          ///< resolved; may hold unknowns
    const ValueMap* applied = nullptr;          ///< last applied; nullptr when there is none (an import)
    const ValueMap* live = nullptr;             ///< nullptr when it was not read: `applied` stands in
    const ValueMap* applied_outputs = nullptr;  ///< as state holds them; with the live ones they tell when a write-only value changed
    const ValueMap* live_outputs = nullptr;
    bool imported = false;  ///< taken over as it is: what no read answers is assumed to be as it is wanted
    const Locations* locations = nullptr;
    const std::vector<std::string>* ignore_changes = nullptr;  ///< labels or paths below
    const std::vector<std::string>* replace_on_changes = nullptr;
    const std::vector<std::string>* ignore_tags = nullptr;  ///< keys or globs
    /// Turns a write-only value into what state holds of it.
    Value (*hash)(const void* key, const Value& value) = nullptr;
    const void* hash_key = nullptr;
};

/// Compares one facet three ways. Ownership is by member: what the program never set is left alone.
Diff diff(const DiffInput& input);

/// An update sends whole properties, and must not write over the parts that the program told us to ignore: those are
/// taken over from what is there.
/// @param ignored  labels ("content") or paths below ("tags.owner")
void keep_ignored(const std::vector<std::string>& ignored, const ResourceType& type, const ValueMap& present, ValueMap& desired);

/// True when the program's list of `paths` (globs allowed) covers `path` or a part around it. A key of a map may be written
/// like a member: "tags.owner" covers tags[owner].
bool covered_by(const std::vector<std::string>& paths, std::string_view path);

}  // namespace strata
