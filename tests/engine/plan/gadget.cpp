#include "tests/engine/plan/gadget.hpp"

#include <array>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"
#include "engine/state/codec.hpp"

namespace strata {

namespace {

constexpr Schema text{.shape = PropertyShape::text};
constexpr Schema number{.shape = PropertyShape::integer};
constexpr Schema document{.shape = PropertyShape::document};
constexpr Schema texts{.shape = PropertyShape::list, .element = &text};
constexpr Schema text_set{.shape = PropertyShape::set, .element = &text};
constexpr Schema text_map{.shape = PropertyShape::map, .element = &text};

constexpr std::array<PropertySchema, 3> part_members = {
    {{.name = "Mode", .label = "mode", .schema = &text, .default_json = "\"auto\""},
     {.name = "Size", .label = "size", .schema = &number},
     {.name = "Tier", .label = "tier", .schema = &text, .sameness = Sameness::without_case}}};
constexpr Schema part{.shape = PropertyShape::structure, .name = "Part", .members = part_members};
constexpr Schema parts{.shape = PropertyShape::list, .element = &part};

constexpr std::array<PropertySchema, 3> rule_members = {
    {{.name = "About", .label = "about", .schema = &text},
     {.name = "Port", .label = "port", .schema = &number},
     {.name = "Source", .label = "source", .schema = &text, .sameness = Sameness::cidr}}};
constexpr Schema rule{.shape = PropertyShape::structure, .name = "Rule", .members = rule_members};
constexpr std::array<std::string_view, 1> port_names = {"Port"};
constexpr Schema rules{.shape = PropertyShape::set, .element = &rule, .identified_by = port_names};

constexpr std::array<PropertySchema, 15> properties = {
    {{.name = "Cidr", .label = "cidr", .schema = &text, .sameness = Sameness::cidr, .replaces = true},
     {.name = "Count", .label = "count", .schema = &number, .default_json = "1"},
     {.name = "ForceDestroy", .label = "force_destroy", .schema = &text, .local = true},
     {.name = "Items", .label = "items", .schema = &texts},
     {.name = "Key", .label = "key", .schema = &text, .sameness = Sameness::arn_or_id},
     {.name = "Labels", .label = "labels", .schema = &text_map},
     {.name = "Members", .label = "members", .schema = &text_set},
     {.name = "Parameters", .label = "parameters", .schema = &text_map, .facet = 2},
     {.name = "Part", .label = "part", .schema = &part},
     {.name = "Parts", .label = "parts", .schema = &parts},
     {.name = "Password", .label = "password", .schema = &text, .write_only = true, .witness = "Version", .secret = true},
     {.name = "Policy", .label = "policy", .schema = &document},
     {.name = "Rules", .label = "rules", .schema = &rules, .facet = 1},
     {.name = "Tags", .label = "tags", .schema = &text_map},
     {.name = "Text", .label = "text", .schema = &text}}};
constexpr std::array<Facet, 3> facets = {{{.label = "", .kind = FacetKind::core},
                                          {.label = "rules", .kind = FacetKind::set, .detach_first = true},
                                          {.label = "parameters", .kind = FacetKind::map}}};

std::string shown(const std::optional<Value>& value) {
    if (!value) return "none";
    if (const auto* unknown = value->unknown()) return fmt::format("unknown {}", unknown->source);
    return to_json(*value);
}

}  // namespace

constinit const ResourceType gadget_type{
    .name = "test.Gadget", .provider = "test", .properties = properties, .facets = facets, .tags_property = "Tags"};

Value hash_of(const Value& value) { return keyed_hash(SealKey{"0123456789abcdef0123456789abcdef"}, value); }

Diff diff_of(const Sides& sides) {
    return diff({.type = &gadget_type,
                 .facet = sides.facet,
                 .desired = &sides.desired,
                 .applied = sides.applied ? &*sides.applied : nullptr,
                 .live = sides.live ? &*sides.live : nullptr,
                 .applied_outputs = sides.applied_outputs ? &*sides.applied_outputs : nullptr,
                 .live_outputs = sides.live_outputs ? &*sides.live_outputs : nullptr,
                 .imported = !sides.applied,
                 .ignore_changes = &sides.ignore_changes,
                 .replace_on_changes = &sides.replace_on_changes,
                 .ignore_tags = &sides.ignore_tags,
                 .hash = [](const void*, const Value& value) { return hash_of(value); }});
}

std::vector<std::string> lines_of(const Diff& diff) {
    std::vector<std::string> lines;
    for (const auto& change : diff.changes)
        lines.push_back(fmt::format("{}: {} -> {} ({}){}", change.path, shown(change.before), shown(change.after), name_of(change.origin),
                                    change.forces_replacement ? " forces replacement" : ""));
    for (const auto& label : diff.no_longer_managed) lines.push_back("no longer managed: " + label);
    for (const auto& label : diff.assumed_equal) lines.push_back("assumed equal: " + label);
    return lines;
}

}  // namespace strata
