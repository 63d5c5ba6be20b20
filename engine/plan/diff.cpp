#include "engine/plan/diff.hpp"

#include "engine/state/codec.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/plan/align.hpp"
#include "engine/plan/sameness.hpp"

namespace strata {

namespace {

/// One place in the tree of a property, and what each side holds there; nullptr is absent.
struct Spot {
    const PropertySchema* property;  ///< nearest property or member around
    const Schema* schema;            ///< of the value here
    std::string path;                ///< labels
    std::string wire_path;           ///< as in Locations
    const Value* desired;
    const Value* applied;
    const Value* live;
    bool top = false;
    bool secret = false;  ///< inside something secret, whose mark stands further out
};

/// True when nothing of what stands here may be shown.
bool hides(const Spot& spot) {
    const auto marked = [](const Value* side) { return side != nullptr && side->is_secret(); };
    return spot.secret || marked(spot.desired) || marked(spot.applied);
}

const Value* revealed(const Value* value) { return value != nullptr ? &value->revealed() : nullptr; }

const Value* member(const Value* map, std::string_view key) { return map != nullptr ? revealed(map)->find(key) : nullptr; }

PropertyShape shape_of(const Spot& spot) { return spot.schema != nullptr ? spot.schema->shape : PropertyShape::any; }

const PropertySchema* find_member(const Schema* structure, std::string_view name) {
    for (const auto& candidate : structure->members)
        if (candidate.name == name) return &candidate;
    return nullptr;
}

class Differ {
public:
    explicit Differ(const DiffInput& input) : in_{input} {}

    Diff run() {
        std::set<std::string_view> names;
        for (const auto& [name, value] : *in_.desired) names.insert(name);
        if (in_.applied != nullptr)
            for (const auto& [name, value] : *in_.applied) names.insert(name);
        for (const auto name : names) compare_property(name);
        return std::move(out_);
    }

private:
    void compare_property(std::string_view name) {
        const auto* property = in_.type->property(name);
        const auto label = property != nullptr ? std::string{property->label} : snake_case(name);
        const auto* desired = in_.desired->find(name);
        const auto* applied = in_.applied != nullptr ? in_.applied->find(name) : nullptr;
        const auto* live = in_.live != nullptr ? in_.live->find(name) : applied;
        settled_.reset();
        if (property != nullptr && property->write_only) return compare_write_only(*property, desired, applied);
        // What is ours alone, or what the pinned model does not know, cannot be read back: it is compared with what was applied.
        if (property == nullptr || property->local) live = applied;
        std::array<Value, 3> forms;
        if (property != nullptr && property->canonical != nullptr) {
            const Value** sides[3] = {&desired, &applied, &live};
            for (std::size_t i = 0; i < 3; ++i) {
                if (*sides[i] == nullptr || (*sides[i])->has_unknown()) continue;
                forms[i] = property->canonical(*revealed(*sides[i]));
                *sides[i] = &forms[i];
            }
        }
        if (applied != nullptr && desired != nullptr && *applied == *desired) settled_ = Origin::drift;
        else if (applied != nullptr && live != nullptr && *applied == *live) settled_ = Origin::yours;
        // Tags are owned key by key: without any in the program, those that were ours go and others stay.
        static const Value no_tags{ValueMap{}};
        if (desired == nullptr && name == in_.type->tags_property) desired = &no_tags;
        compare({.property = property,
                 .schema = property != nullptr ? property->schema : nullptr,
                 .path = label,
                 .wire_path = std::string{name},
                 .desired = desired,
                 .applied = applied,
                 .live = live,
                 .top = true});
    }

    void compare_write_only(const PropertySchema& property, const Value* desired, const Value* applied) {
        if (desired == nullptr) return;
        const bool drifted = testifies_to_change(property);
        const Spot spot{.property = &property,
                        .schema = property.schema,
                        .path = std::string{property.label},
                        .wire_path = std::string{property.name},
                        .desired = desired,
                        .applied = applied,
                        .live = drifted ? applied : nullptr,
                        .top = true};
        if (desired->has_unknown()) return report(spot, Origin::yours);
        if (applied == nullptr && in_.imported) {
            out_.assumed_equal.emplace_back(property.label);
            return;
        }
        if (applied == nullptr) {
            if (!is_nothing(spot, *desired)) report(spot, Origin::yours);
            return;
        }
        const bool changed =
            is_keyed_hash(*applied) ? in_.hash(in_.hash_key, *desired) != *applied : desired->without_marks() != applied->without_marks();
        if (changed || drifted) report(spot, changed && drifted ? Origin::both : changed ? Origin::yours : Origin::drift);
    }

    /// The value itself cannot be seen, but the service says that it is another one.
    [[nodiscard]] bool testifies_to_change(const PropertySchema& property) const {
        if (property.witness.empty() || in_.applied_outputs == nullptr || in_.live_outputs == nullptr) return false;
        const auto* before = in_.applied_outputs->find(property.witness);
        const auto* now = in_.live_outputs->find(property.witness);
        return before != nullptr && now != nullptr && *before != *now;
    }

    void compare(const Spot& spot) {
        if (spot.desired == nullptr) return compare_unset(spot);
        if (spot.desired->is_null()) return compare_reset(spot);
        if (spot.desired->is(Value::Kind::unknown)) return report(spot, Origin::yours);
        if (spot.live == nullptr) {
            if (!is_nothing(spot, *spot.desired)) report(spot, origin(spot));
            return;
        }
        const auto& desired = *revealed(spot.desired);
        const auto& live = *revealed(spot.live);
        switch (shape_of(spot)) {
            case PropertyShape::structure:
                if (desired.map() != nullptr && live.map() != nullptr) return compare_members(spot);
                break;
            case PropertyShape::map:
                if (desired.map() != nullptr && live.map() != nullptr) return compare_entries(spot);
                break;
            case PropertyShape::list:
                if (desired.list() != nullptr && live.list() != nullptr) return compare_lists(spot);
                break;
            case PropertyShape::set:
                if (desired.list() != nullptr && live.list() != nullptr) return compare_sets(spot);
                break;
            default: break;
        }
        if (!same(rule(spot), desired, live)) report(spot, origin(spot));
    }

    /// Was set once, is not any more.
    void compare_unset(const Spot& spot) {
        if (spot.applied == nullptr || spot.applied->is_null() || spot.live == nullptr || spot.live->is_null()) return;
        if (const auto fallback = default_of(spot)) {
            if (!same(rule(spot), *fallback, *revealed(spot.live))) report(spot, unset_origin(spot), fallback);
            return;
        }
        if (spot.top && in_.facet == 0) {
            out_.no_longer_managed.push_back(spot.path);
            return;
        }
        if (!is_nothing(spot, *revealed(spot.live))) report(spot, unset_origin(spot));
    }

    /// `strata::reset`: wanted is the service's default.
    void compare_reset(const Spot& spot) {
        if (spot.live == nullptr || spot.live->is_null() || is_nothing(spot, *revealed(spot.live))) return;
        const auto fallback = default_of(spot);
        if (fallback && same(rule(spot), *fallback, *revealed(spot.live))) return;
        // Done before: what the service has then is its default, whatever that is.
        if (!fallback && spot.applied != nullptr && spot.applied->is_null()) return;
        report(spot, unset_origin(spot), fallback ? *fallback : Value{});
    }

    void compare_members(const Spot& spot) {
        for (const auto& name : keys_of(spot.desired, spot.applied)) {
            const auto* inner = find_member(spot.schema, name);
            compare({.property = inner != nullptr ? inner : spot.property,
                     .schema = inner != nullptr ? inner->schema : nullptr,
                     .path = fmt::format("{}.{}", spot.path, inner != nullptr ? std::string{inner->label} : snake_case(name)),
                     .wire_path = joined_path(spot.wire_path, name),
                     .desired = member(spot.desired, name),
                     .applied = member(spot.applied, name),
                     .live = member(spot.live, name),
                     .secret = hides(spot)});
        }
    }

    void compare_entries(const Spot& spot) {
        const bool tags = spot.top && spot.wire_path == in_.type->tags_property;
        auto keys = keys_of(spot.desired, spot.applied);
        // A facet's map is owned whole: an entry that nobody declared is drift.
        if (spot.top && in_.facet > 0 && spot.property->exclusive && !tags)
            for (const auto& [key, value] : *revealed(spot.live)->map()) keys.insert(key);
        for (const auto& key : keys) {
            if (tags && in_.ignore_tags != nullptr && covered_by(*in_.ignore_tags, key)) continue;
            const Spot entry{.property = spot.property,
                             .schema = spot.schema->element,
                             .path = fmt::format("{}[{}]", spot.path, key),
                             .wire_path = joined_path(spot.wire_path, key),
                             .desired = member(spot.desired, key),
                             .applied = member(spot.applied, key),
                             .live = member(spot.live, key),
                             .secret = hides(spot)};
            if (entry.desired == nullptr && entry.applied == nullptr) report(entry, Origin::drift);
            else compare(entry);
        }
    }

    void compare_lists(const Spot& spot) {
        const auto& desired = *revealed(spot.desired)->list();
        const auto& live = *revealed(spot.live)->list();
        const auto before = applied_items(spot, desired);
        const auto equal = [&](std::size_t d, std::size_t l) { return item_matches(spot, desired[d], before[d], live[l]); };
        for (const auto& pair : align(desired.size(), live.size(), equal)) {
            if (pair.desired && pair.live && equal(*pair.desired, *pair.live)) continue;
            const auto* present = pair.live ? &live[*pair.live] : nullptr;
            const auto index = pair.desired ? *pair.desired : pair.live.value_or(0);
            const auto* last = pair.desired ? before[*pair.desired] : present != nullptr ? applied_as(spot, *present) : nullptr;
            compare_item(spot, fmt::format("[{}]", index), index, pair.desired ? &desired[*pair.desired] : nullptr, last, present);
        }
    }

    /// For each item of a list as it is wanted, what was applied in its place; nullptr where it is new.
    std::vector<const Value*> applied_items(const Spot& spot, const ValueList& desired) const {
        std::vector<const Value*> found(desired.size(), nullptr);
        const auto* applied = spot.applied != nullptr ? revealed(spot.applied)->list() : nullptr;
        if (applied == nullptr) return found;
        const auto equal = [&](std::size_t d, std::size_t a) { return item_matches(spot, desired[d], nullptr, (*applied)[a]); };
        for (const auto& pair : align(desired.size(), applied->size(), equal))
            if (pair.desired && pair.live) found[*pair.desired] = &(*applied)[*pair.live];
        return found;
    }

    /// What was applied and is this live item now; nullptr when nobody here made it.
    const Value* applied_as(const Spot& spot, const Value& live) const {
        const auto* applied = spot.applied != nullptr ? revealed(spot.applied)->list() : nullptr;
        if (applied == nullptr) return nullptr;
        const auto known = std::ranges::find_if(*applied, [&](const Value& item) {
            return spot.schema->identified_by.empty() ? item_matches(spot, item, nullptr, live) : same_identity(spot, item, live);
        });
        return known != applied->end() ? &*known : nullptr;
    }

    void compare_sets(const Spot& spot) {
        const auto& desired = *revealed(spot.desired)->list();
        const auto& live = *revealed(spot.live)->list();
        const auto* applied = spot.applied != nullptr ? revealed(spot.applied)->list() : nullptr;
        std::vector<bool> taken(live.size(), false);
        for (std::size_t d = 0; d < desired.size(); ++d) {
            const auto found = find_item(spot, desired[d], live, &taken);
            if (found) taken[*found] = true;
            const auto before = applied != nullptr ? find_item(spot, desired[d], *applied, nullptr) : std::nullopt;
            compare_item(spot, fmt::format("[{}]", item_name(spot, desired[d], d)), d, &desired[d], before ? &(*applied)[*before] : nullptr,
                         found ? &live[*found] : nullptr);
        }
        for (std::size_t l = 0; l < live.size(); ++l) {
            if (taken[l]) continue;
            const auto* before = applied_as(spot, live[l]);
            if (before == nullptr && !spot.property->exclusive) continue;
            compare_item(spot, fmt::format("[{}]", item_name(spot, live[l], l)), l, nullptr, before, &live[l]);
        }
    }

    /// One item of a list or set: added, taken away, or changed inside.
    void compare_item(const Spot& around, const std::string& step, std::size_t index, const Value* desired, const Value* applied,
                      const Value* live) {
        const Spot item{.property = around.property,
                        .schema = around.schema->element,
                        .path = around.path + step,
                        .wire_path = fmt::format("{}[{}]", around.wire_path, index),
                        .desired = desired,
                        .applied = applied,
                        .live = live,
                        .secret = hides(around)};
        if (desired != nullptr && live != nullptr) return compare(item);
        report(item, desired != nullptr ? (applied != nullptr ? Origin::drift : Origin::yours)
                                        : (applied != nullptr ? Origin::yours : Origin::drift));
    }

    bool item_matches(const Spot& around, const Value& desired, const Value* applied, const Value& live) const {
        if (desired.has_unknown()) return false;
        Differ inner{in_};
        inner.compare({.property = around.property,
                       .schema = around.schema->element,
                       .path = "",
                       .wire_path = "",
                       .desired = &desired,
                       .applied = applied,
                       .live = &live});
        return inner.out_.empty();
    }

    /// By the members that name an item, or by the whole item where nothing names it.
    std::optional<std::size_t> find_item(const Spot& around, const Value& wanted, const ValueList& items,
                                         const std::vector<bool>* taken) const {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (taken != nullptr && (*taken)[i]) continue;
            if (around.schema->identified_by.empty() ? item_matches(around, wanted, nullptr, items[i])
                                                     : same_identity(around, wanted, items[i]))
                return i;
        }
        return std::nullopt;
    }

    static bool same_identity(const Spot& around, const Value& a, const Value& b) {
        return std::ranges::all_of(around.schema->identified_by, [&](std::string_view name) {
            const auto* left = member(&a, name);
            const auto* right = member(&b, name);
            if (left == nullptr || right == nullptr) return left == right;
            const auto* schema = around.schema->element != nullptr ? find_member(around.schema->element, name) : nullptr;
            return same(schema != nullptr ? schema->sameness : Sameness::exact, *left, *right);
        });
    }

    static std::string item_name(const Spot& around, const Value& item, std::size_t index) {
        if (hides(around) || item.has_secret()) return std::to_string(index);
        std::vector<std::string> parts;
        for (const auto name : around.schema->identified_by) {
            const auto* part = member(&item, name);
            if (part == nullptr) continue;
            parts.push_back(part->string() != nullptr ? *part->string() : part->is(Value::Kind::unknown) ? "?" : to_json(*part));
        }
        if (!parts.empty()) return join(parts, " ");
        return item.string() != nullptr ? *item.string() : std::to_string(index);
    }

    [[nodiscard]] static Sameness rule(const Spot& spot) {
        if (shape_of(spot) == PropertyShape::document) return Sameness::json;
        return spot.property != nullptr ? spot.property->sameness : Sameness::exact;
    }

    static std::optional<Value> default_of(const Spot& spot) {
        if (spot.property == nullptr || spot.property->default_json.empty()) return std::nullopt;
        // Inside lists and maps spot.property is the one around: its default is not the item's.
        if (spot.schema != spot.property->schema) return std::nullopt;
        auto parsed = parse_json(spot.property->default_json, "a default");
        return parsed.ok() ? std::optional<Value>{std::move(*parsed)} : std::nullopt;
    }

    /// Empty text, list or map, or the known default: the same to the service as absent.
    static bool is_nothing(const Spot& spot, const Value& value) {
        const auto& plain = value.revealed();
        if (plain.list() != nullptr && plain.list()->empty()) return true;
        if (plain.map() != nullptr && plain.map()->empty() && shape_of(spot) != PropertyShape::structure) return true;
        if (plain.string() != nullptr && plain.string()->empty()) return true;
        const auto fallback = default_of(spot);
        return fallback && same(rule(spot), *fallback, plain);
    }

    [[nodiscard]] static Origin origin(const Spot& spot) {
        if (spot.applied == nullptr) return Origin::yours;
        if (spot.desired != nullptr && !spot.desired->has_unknown() && same(rule(spot), *spot.desired, *spot.applied)) return Origin::drift;
        if (spot.live != nullptr && same(rule(spot), *spot.applied, *spot.live)) return Origin::yours;
        return Origin::both;
    }

    static Origin unset_origin(const Spot& spot) {
        const bool untouched = spot.applied != nullptr && spot.live != nullptr && same(rule(spot), *spot.applied, *spot.live);
        return spot.applied == nullptr ? Origin::drift : untouched ? Origin::yours : Origin::both;
    }

    static std::set<std::string> keys_of(const Value* a, const Value* b) {
        std::set<std::string> keys;
        for (const auto* side : {a, b}) {
            if (side == nullptr || revealed(side)->map() == nullptr) continue;
            for (const auto& [key, value] : *revealed(side)->map()) keys.insert(key);
        }
        return keys;
    }

    void report(const Spot& spot, Origin from) {
        report(spot, from, spot.desired != nullptr ? std::optional{*spot.desired} : std::nullopt);
    }

    void report(const Spot& spot, Origin from, std::optional<Value> after) {
        if (in_.ignore_changes != nullptr && covered_by(*in_.ignore_changes, spot.path)) return;
        const auto top = spot.wire_path.substr(0, spot.wire_path.find_first_of(".["));
        const auto* property = in_.type->property(top);
        const bool secret = (property != nullptr && property->secret) || (spot.property != nullptr && spot.property->secret) || hides(spot);
        const auto shown = [&](const Value& value) { return secret && !value.is(Value::Kind::unknown) ? Value::secret(value) : value; };
        PropertyChange change{
            .path = spot.path, .property = top, .before = {}, .after = {}, .origin = settled_.value_or(from), .where = {}};
        if (spot.live != nullptr) change.before = shown(*spot.live);
        if (after) change.after = shown(*after);
        const auto marked = [](const Value* side) { return side != nullptr && side->has_secret(); };
        if ((marked(spot.desired) || marked(spot.applied)) && change.before) change.before = Value::secret(*change.before);
        change.forces_replacement = (property != nullptr && property->replaces) || (spot.property != nullptr && spot.property->replaces) ||
                                    (in_.replace_on_changes != nullptr && covered_by(*in_.replace_on_changes, spot.path));
        if (in_.locations != nullptr && spot.desired != nullptr) change.where = in_.locations->find(spot.wire_path);
        out_.changes.push_back(std::move(change));
    }

    const DiffInput& in_;
    std::optional<Origin> settled_;  ///< of the property in hand, where two whole sides are alike: then all inside is one's
    Diff out_;
};

}  // namespace

std::string_view name_of(Origin origin) {
    switch (origin) {
        case Origin::yours: return "yours";
        case Origin::drift: return "drift";
        case Origin::both: return "both";
    }
    return "yours";
}

bool Diff::replaces() const { return std::ranges::any_of(changes, &PropertyChange::forces_replacement); }

bool Diff::replaces_if_changed() const {
    bool any = false;
    for (const auto& change : changes) {
        if (!change.forces_replacement) continue;
        if (!change.after || !change.after->has_unknown()) return false;
        any = true;
    }
    return any;
}

std::vector<std::string> Diff::changed_properties() const {
    std::set<std::string> names;
    for (const auto& change : changes) names.insert(change.property);
    return {names.begin(), names.end()};
}

namespace {

/// "tags[owner].x" as "tags.owner.x".
std::string with_dots(std::string_view path) {
    std::string dotted;
    for (const char letter : path)
        if (letter != ']') dotted += letter == '[' ? '.' : letter;
    return dotted;
}

/// Puts the ignored parts of `present` into `desired`, which stands at `path`.
void keep_parts(const std::vector<std::string>& ignored, const std::string& path, const Schema* schema, const Value& present,
                Value& desired) {
    auto* wanted = desired.map();
    const auto* there = present.revealed().map();
    if (wanted == nullptr || there == nullptr) return;
    const bool structure = schema != nullptr && schema->shape == PropertyShape::structure;
    std::vector<std::string> gone;
    for (auto& [name, value] : *wanted) {
        const auto* member = structure ? find_member(schema, name) : nullptr;
        const auto* inner = structure ? (member != nullptr ? member->schema : nullptr) : (schema != nullptr ? schema->element : nullptr);
        const auto at = fmt::format("{}.{}", path, member != nullptr ? std::string{member->label} : name);
        const auto* now = there->find(name);
        if (!covered_by(ignored, at)) {
            if (now != nullptr) keep_parts(ignored, at, inner, *now, value);
        } else if (now != nullptr) {
            value = *now;
        } else {
            gone.push_back(name);
        }
    }
    for (const auto& name : gone) wanted->erase(name);
}

}  // namespace

bool covered_by(const std::vector<std::string>& paths, std::string_view path) {
    return std::ranges::any_of(paths, [&](const std::string& covering) {
        if (matches_glob(covering, path)) return true;
        const auto around = with_dots(covering);
        const auto dotted = with_dots(path);
        return dotted.starts_with(around) && (dotted.size() == around.size() || dotted[around.size()] == '.');
    });
}

void keep_ignored(const std::vector<std::string>& ignored, const ResourceType& type, const ValueMap& present, ValueMap& desired) {
    if (ignored.empty()) return;
    for (auto& [name, value] : desired) {
        const auto* property = type.property(name);
        const auto* now = present.find(name);
        if (property == nullptr || now == nullptr) continue;
        if (covered_by(ignored, property->label)) value = *now;
        else keep_parts(ignored, std::string{property->label}, property->schema, *now, value);
    }
}

Diff diff(const DiffInput& input) { return Differ{input}.run(); }

}  // namespace strata
