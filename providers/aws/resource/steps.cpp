#include "providers/aws/resource/steps.hpp"

#include <algorithm>

#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/tags.hpp"

namespace strata::aws {

namespace {

using Purpose = PlannedCall::Purpose;
using Per = OperationUse::Per;

bool contains(const auto& names, std::string_view name) { return std::ranges::find(names, name) != std::ranges::end(names); }

ValueList items_of(const ValueMap& map, std::string_view property) {
    const auto* value = map.find(property);
    const auto* items = value != nullptr ? value->revealed().list() : nullptr;
    return items != nullptr ? *items : ValueList{};
}

ValueMap entries_of(const ValueMap& map, std::string_view property) {
    const auto* value = map.find(property);
    const auto* entries = value != nullptr ? value->revealed().map() : nullptr;
    return entries != nullptr ? *entries : ValueMap{};
}

/// True when both items name the same thing.
bool same_identity(const Value& a, const Value& b, std::span<const std::string_view> by) {
    if (by.empty()) return a == b;
    return std::ranges::all_of(by, [&](std::string_view name) {
        const auto* left = a.find(name);
        const auto* right = b.find(name);
        return (left == nullptr && right == nullptr) || (left != nullptr && right != nullptr && *left == *right);
    });
}

struct Difference {
    ValueList added, removed, replaced;
};

/// What makes `before` into `after`; items are told apart by the members `by`.
Difference difference(const ValueList& before, const ValueList& after, std::span<const std::string_view> by) {
    Difference out;
    for (const auto& item : after) {
        const auto same = std::ranges::find_if(before, [&](const Value& other) { return same_identity(item, other, by); });
        if (same == before.end()) out.added.push_back(item);
        else if (!(*same == item)) out.replaced.push_back(item);
    }
    for (const auto& item : before)
        if (std::ranges::none_of(after, [&](const Value& other) { return same_identity(item, other, by); })) out.removed.push_back(item);
    return out;
}

/// A list with each item in the one form that compares, as the type says.
ValueList canonical_items(const ValueMap& map, const PropertySchema& property) {
    if (property.canonical == nullptr) return items_of(map, property.name);
    const auto* value = map.find(property.name);
    if (value == nullptr) return {};
    const auto formed = property.canonical(value->revealed());
    return formed.list() != nullptr ? *formed.list() : ValueList{};
}

/// Calls of `use` for the items: one each, or together as many as it takes.
void add_item_calls(std::vector<PlannedCall>& calls, const OperationUse& use, const ValueList& items) {
    if (items.empty()) return;
    if (!uses(use.in, Expression::Kind::items)) {
        for (const auto& item : items) calls.push_back({.use = &use, .item = item});
        return;
    }
    const std::size_t limit = use.limit == 0 ? items.size() : use.limit;
    for (std::size_t from = 0; from < items.size(); from += limit) {
        const auto to = std::min(from + limit, items.size());
        calls.push_back(
            {.use = &use,
             .items = ValueList{items.begin() + static_cast<std::ptrdiff_t>(from), items.begin() + static_cast<std::ptrdiff_t>(to)}});
    }
}

void add_set_calls(std::vector<PlannedCall>& calls, const Step& step, const FacetDetail& facet) {
    const auto* property = step.type->property(facet.property);
    if (property == nullptr) return;
    auto change = difference(canonical_items(step.previous, *property), canonical_items(step.desired, *property), facet.identified_by);
    if (facet.replace.empty()) {
        // No call changes an item in place: the old one goes, the new one comes.
        for (const auto& item : canonical_items(step.previous, *property))
            if (std::ranges::any_of(change.replaced, [&](const Value& other) { return same_identity(item, other, facet.identified_by); }))
                change.removed.push_back(item);
        change.added.insert(change.added.end(), change.replaced.begin(), change.replaced.end());
    }
    for (const auto& use : facet.remove) add_item_calls(calls, use, change.removed);
    for (const auto& use : facet.replace) add_item_calls(calls, use, change.replaced);
    for (const auto& use : facet.add) add_item_calls(calls, use, change.added);
}

void add_map_calls(std::vector<PlannedCall>& calls, const Step& step, const FacetDetail& facet) {
    const auto before = entries_of(step.previous, facet.property);
    const auto after = step.action == StepAction::remove ? ValueMap{} : entries_of(step.desired, facet.property);
    for (const auto& [key, value] : before)
        if (!after.contains(key))
            for (const auto& use : facet.remove) calls.push_back({.use = &use, .value = value, .key = key});
    for (const auto& [key, value] : after) {
        const auto* old = before.find(key);
        if (old != nullptr && *old == value) continue;
        for (const auto& use : facet.put) calls.push_back({.use = &use, .value = value, .key = key});
    }
}

std::vector<PlannedCall> facet_calls(const Step& step, const FacetDetail& facet, FacetKind kind) {
    std::vector<PlannedCall> calls;
    if (kind == FacetKind::map) add_map_calls(calls, step, facet);
    else if (kind == FacetKind::set) add_set_calls(calls, step, facet);
    else {
        const auto* value = step.action == StepAction::remove ? nullptr : step.desired.find(facet.property);
        const bool off = value == nullptr || value->is_null();
        const auto* previous = step.previous.find(facet.property);
        for (const auto& use : off ? facet.remove : facet.put)
            calls.push_back(
                {.use = &use, .value = off ? (previous != nullptr ? std::optional{*previous} : std::nullopt) : std::optional{*value}});
    }
    return calls;
}

/// Tags to set so that the wanted ones are there, and to take off: those that we set last and want no longer, and keys
/// whose wanted value is null. Others stay: they are somebody else's.
void add_tag_calls(std::vector<PlannedCall>& calls, const Step& step, const ValueMap& wanted, const ValueMap& previous) {
    const auto& tags = detail_of(*step.type).tags;
    ValueMap set, gone;
    for (const auto& [key, value] : wanted) {
        const auto* old = previous.find(key);
        if (value.is_null() && old != nullptr) gone.set(key, value);
        else if (value.is_null()) continue;
        else if (old == nullptr || !(*old == value)) set.set(key, value);
    }
    for (const auto& [key, value] : entries_of(step.applied, "Tags"))
        if (!wanted.contains(key) && previous.contains(key)) gone.set(key, value);
    if (!gone.empty() && (tags.remove != nullptr || tags.replaces_all))
        calls.push_back({.use = tags.replaces_all ? tags.add : tags.remove, .purpose = Purpose::untag, .tags = gone});
    if (!set.empty() && tags.add != nullptr) calls.push_back({.use = tags.add, .purpose = Purpose::tag, .tags = set});
}

/// True when everything that `wanted` says is so in `present`.
bool covers(const Value& present, const Value& wanted) {
    const auto* members = wanted.revealed().map();
    if (members == nullptr || present.revealed().map() == nullptr) return present.revealed() == wanted.revealed();
    return std::ranges::all_of(*members, [&](const auto& entry) {
        const auto* found = present.revealed().map()->find(entry.first);
        return entry.second.is_null() || (found != nullptr && covers(*found, entry.second));
    });
}

/// One call for each changed attribute, as text; one that is reset and has no default stays as it is.
void add_attribute_calls(std::vector<PlannedCall>& calls, const Step& step, const OperationUse& use,
                         const std::vector<std::string>& changed) {
    for (const auto name : use.triggers) {
        if (!contains(changed, name)) continue;
        const auto value = wanted_property(name, {.type = step.type, .wanted = &step.desired});
        if (value) calls.push_back({.use = &use, .value = Value{attribute_text(*value)}, .key = std::string{name}, .changed = changed});
    }
}

void add_update(std::vector<PlannedCall>& calls, const Step& step, const OperationUse& use, const std::vector<std::string>& changed) {
    if (use.per == Per::none) {
        calls.push_back({.use = &use, .changed = changed});
        return;
    }
    if (use.per == Per::attribute) return add_attribute_calls(calls, step, use, changed);
    const auto* property = step.type->property(use.per_property);
    if (property == nullptr) return;
    auto change = difference(canonical_items(step.previous, *property), canonical_items(step.desired, *property), use.per_by);
    // What the service adds to an item (a throughput of zero) is no change of it.
    std::erase_if(change.replaced, [&](const Value& item) {
        const auto before = canonical_items(step.previous, *property);
        return std::ranges::any_of(before,
                                   [&](const Value& other) { return same_identity(item, other, use.per_by) && covers(other, item); });
    });
    const auto& items = use.per == Per::added ? change.added : use.per == Per::removed ? change.removed : change.replaced;
    for (const auto& item : items) calls.push_back({.use = &use, .item = item, .changed = changed});
}

/// Update calls for those of `changed` which they carry.
void add_updates(std::vector<PlannedCall>& calls, const Step& step, const std::vector<std::string>& changed) {
    for (const auto& use : detail_of(*step.type).update) {
        const bool called = std::ranges::any_of(use.triggers, [&](std::string_view name) { return contains(changed, name); });
        if (called) add_update(calls, step, use, changed);
    }
}

std::vector<PlannedCall> create_calls(const Step& step) {
    const auto& detail = detail_of(*step.type);
    ValueMap tags;
    for (const auto& [key, value] : entries_of(step.desired, "Tags"))
        if (!value.is_null()) tags.set(key, value);
    if (detail.tags.supported && detail.tags.bookkeeping)
        for (const auto& [key, value] : bookkeeping_tags(step))
            if (tags.size() < detail.tags.limit) tags.set(key, value);
    std::vector<PlannedCall> calls = {{.use = &detail.create, .purpose = Purpose::create, .tags = tags}};
    std::vector<std::string> left;
    for (const auto& [name, value] : step.desired)
        if (!value.is_null() && name != "Tags" && !contains(detail.created_with, name)) left.push_back(name);
    add_updates(calls, step, left);
    if (detail.tags.supported && !detail.tags.on_create) add_tag_calls(calls, step, tags, {});
    return calls;
}

std::vector<std::string> changed_names(const Step& step) {
    if (!step.changed.empty()) return step.changed;
    std::vector<std::string> names;
    for (const auto& [name, value] : step.desired) {
        const auto* old = step.previous.find(name);
        if (old == nullptr ? !value.is_null() : !(*old == value)) names.push_back(name);
    }
    return names;
}

std::vector<PlannedCall> update_calls(const Step& step) {
    std::vector<PlannedCall> calls;
    const auto changed = changed_names(step);
    add_updates(calls, step, changed);
    if (contains(changed, "Tags") && detail_of(*step.type).tags.supported)
        add_tag_calls(calls, step, entries_of(step.desired, "Tags"), entries_of(step.previous, "Tags"));
    return calls;
}

}  // namespace

std::vector<PlannedCall> plan_calls(const Step& step) {
    const auto& detail = detail_of(*step.type);
    if (step.facet != 0) return facet_calls(step, detail.facets[step.facet], step.type->facets[step.facet].kind);
    if (step.action == StepAction::create) return create_calls(step);
    if (step.action == StepAction::update) return update_calls(step);
    std::vector<PlannedCall> calls;
    for (const auto& use : detail.remove) calls.push_back({.use = &use});
    return calls;
}

}  // namespace strata::aws
