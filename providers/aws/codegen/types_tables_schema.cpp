#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/model_literal.hpp"
#include "providers/aws/codegen/types_tables.hpp"

namespace strata::codegen {

using aws::Shape;
using aws::ShapeType;

namespace {

std::string_view shape_word(const Shape* shape, bool set) {
    switch (shape->type) {
        case ShapeType::structure: return "structure";
        case ShapeType::list: return set ? "set" : "list";
        case ShapeType::map: return "map";
        case ShapeType::string: return "text";
        case ShapeType::integer: return "integer";
        case ShapeType::real: return "real";
        case ShapeType::boolean: return "boolean";
        case ShapeType::timestamp: return "timestamp";
        case ShapeType::blob: return "bytes";
    }
    return "any";
}

const Note* note_at(const std::string& path, const ResolvedType& type) {
    const auto at = type.notes.find(path);
    return at != type.notes.end() ? &at->second : nullptr;
}

std::string note_parts(const Note* note) {
    if (note == nullptr) return {};
    std::string out;
    if (!note->sameness.empty()) out += fmt::format(".sameness = Sameness::{}, ", note->sameness);
    return out;
}

}  // namespace

bool Tables::has_notes(const std::string& path, const ResolvedType& type) {
    const auto at = type.notes.lower_bound(path);
    return at != type.notes.end() && at->first.starts_with(path) && (at->first.size() == path.size() || at->first[path.size()] == '.');
}

std::string Tables::structure_members(const Shape* shape, const std::string& path, const ResolvedType& type) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& member : shape->members) {
        const auto inner = fmt::format("{}.{}", path, member.name);
        const auto* note = note_at(inner, type);
        const bool untyped = names_.untyped_member(shape, member.name);
        rows.emplace_back(
            std::string{member.name},
            fmt::format("{{.name = {}, .label = {}, .schema = &{}, {}{}{}}}", cpp_literal(member.name),
                        cpp_literal(snake_case(member.name)), untyped ? "any_schema" : schema(member.shape, inner, type), note_parts(note),
                        member.required ? ".required = true, " : "", note != nullptr && note->secret ? ".secret = true" : ""));
    }
    std::ranges::sort(rows);
    std::vector<std::string> sorted;
    for (auto& [name, row] : rows) sorted.push_back(std::move(row));
    return array("PropertySchema", "q", sorted);
}

std::string Tables::schema_body(const Shape* shape, const std::string& path, const ResolvedType& type) {
    const auto* note = note_at(path, type);
    std::string body = fmt::format(".shape = PropertyShape::{}, ", shape_word(shape, note != nullptr && note->set));
    if (shape->type == ShapeType::structure) {
        body += fmt::format(".name = {}, ", cpp_literal(names_.of(shape)));
        if (const auto members = structure_members(shape, path, type); !members.empty()) body += fmt::format(".members = {}, ", members);
    }
    if (shape->type == ShapeType::list || shape->type == ShapeType::map)
        body += fmt::format(".element = &{}, ", schema(shape->element->shape, path, type));
    if (note != nullptr && shape->type == ShapeType::list && !note->identified_by.empty())
        body += fmt::format(".identified_by = {}, ", texts(note->identified_by));
    if (!shape->enum_values.empty()) {
        std::vector<std::string> values{shape->enum_values.begin(), shape->enum_values.end()};
        body += fmt::format(".allowed = {}, ", texts(values));
    }
    // One argument each: an optional double is made of a literal that keeps its point.
    if (shape->min) body += fmt::format(".min = {:.1f}, ", *shape->min);
    if (shape->max) body += fmt::format(".max = {:.1f}, ", *shape->max);
    if (!shape->pattern.empty()) body += fmt::format(".pattern = {}, ", cpp_literal(shape->pattern));
    return fmt::format("{{{}}}", body);
}

std::string Tables::schema(const Shape* shape, const std::string& path, const ResolvedType& type) {
    if (names_.untyped(shape)) return "any_schema";
    const bool shared = !has_notes(path, type);
    if (shared)
        if (const auto at = schemas_.find(shape); at != schemas_.end()) return at->second;
    const auto name = constant("Schema", "c", schema_body(shape, path, type));
    if (shared) schemas_[shape] = name;
    return name;
}

std::string Tables::property(const Property& property, const ResolvedType& type) {
    const auto* note = note_at(property.name, type);
    std::string body = fmt::format(".name = {}, .label = {}, .schema = &{}, {}", cpp_literal(property.name), cpp_literal(property.label),
                                   schema(property.shape, property.name, type), note_parts(note));
    const auto flag = [&](std::string_view name, bool value) {
        if (value) body += fmt::format(".{} = true, ", name);
    };
    flag("required", property.required);
    flag("replaces", property.replaces);
    flag("write_only", property.write_only);
    if (!property.witness.empty()) body += fmt::format(".witness = {}, ", cpp_literal(property.witness));
    flag("secret", note != nullptr && note->secret);
    flag("local", property.local);
    if (!property.exclusive) body += ".exclusive = false, ";
    if (!property.default_json.empty()) body += fmt::format(".default_json = {}, ", cpp_literal(property.default_json));
    if (property.facet != 0) body += fmt::format(".facet = {}, ", property.facet);
    if (!property.canonical.empty()) body += fmt::format(".canonical = hooks::{}::{}", cpp_name(type.decl.service), property.canonical);
    return fmt::format("{{{}}}", body);
}

std::string Tables::outputs(const ResolvedType& type) {
    std::vector<std::string> rows;
    for (const auto& output : type.outputs)
        rows.push_back(fmt::format("{{.name = {}, .label = {}, .stable = {}, .secret = {}}}", cpp_literal(output.name),
                                   cpp_literal(output.label), output.stable, output.secret));
    return array("OutputSchema", "z", rows);
}

std::string Tables::engine_facets(const TypeDecl& type) {
    std::vector<std::string> rows = {"{}"};
    for (const auto& facet : type.facets) {
        const auto kind = facet.kind == FacetKind::set ? "set" : facet.kind == FacetKind::map ? "map" : "document";
        rows.push_back(
            fmt::format("{{.label = {}, .kind = FacetKind::{}, .detach_first = {}}}", cpp_literal(facet.label), kind, facet.detach_first));
    }
    return array("Facet", "h", rows);
}

void Tables::type(const ResolvedType& type) {
    const auto& decl = type.decl;
    detail(type);
    std::vector<std::string> rows;
    for (const auto& property : type.properties)
        if (property.shape != nullptr) rows.push_back(this->property(property, type));
    const auto properties = array("PropertySchema", "p", rows);
    const auto facet_rows = engine_facets(decl);
    const auto output_rows = outputs(type);
    const auto recovery = decl.recovery == RecoveryClass::token ? "token" : decl.recovery == RecoveryClass::tags ? "tags" : "name";
    text_ += fmt::format(
        "constexpr strata::ResourceType {0}_type{{.name = {1}, .provider = \"aws\", .schema_version = {2}, .properties = {3}, .facets = "
        "{4}, "
        ".outputs = {5}, .recovery = RecoveryClass::{6}, .holds_data = {7}, .create_before_delete = {8}, .tags_property = {9}, "
        ".bookkeeping_tags = {12}, .name_property = {10}, .name_limit = {11}, .detail = &{0}_detail}};\n\n",
        decl.class_name(), cpp_literal(decl.name), decl.schema_version, properties, facet_rows, output_rows, recovery, decl.holds_data,
        decl.create_before_delete, cpp_literal(decl.tags.present ? "Tags" : ""), cpp_literal(decl.naming.property),
        decl.naming.property.empty() ? 0 : decl.naming.limit, decl.tags.bookkeeping);
}

}  // namespace strata::codegen
