#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_emit.hpp"

namespace strata::codegen {

using aws::Shape;
using aws::ShapeType;

namespace {

/// "text", "list of `Route`": what a person writes there.
std::string kind_of(const Shape* shape, const Names& names) {
    if (names.untyped(shape)) return "any";
    switch (shape->type) {
        case ShapeType::structure: return fmt::format("[`{0}`](#{1})", names.of(shape), lower(names.of(shape)));
        case ShapeType::list: return "list of " + kind_of(shape->element->shape, names);
        case ShapeType::map: return "map of " + kind_of(shape->element->shape, names);
        case ShapeType::string: return Names::is_enum(shape) ? fmt::format("`{}`", names.of(shape)) : "text";
        case ShapeType::integer: return "integer";
        case ShapeType::real: return "number";
        case ShapeType::boolean: return "boolean";
        case ShapeType::timestamp: return "time";
        case ShapeType::blob: return "bytes";
    }
    return "any";
}

std::string limits_of(const Shape* shape) {
    if (!shape->enum_values.empty()) {
        std::vector<std::string> values;
        for (const auto value : shape->enum_values.first(std::min<std::size_t>(shape->enum_values.size(), 12)))
            values.push_back(fmt::format("`{}`", value));
        return join(values, " ") + (shape->enum_values.size() > 12 ? fmt::format(" … ({} in all)", shape->enum_values.size()) : "");
    }
    const bool counts = shape->type != ShapeType::integer && shape->type != ShapeType::real;
    const std::string unit = shape->type == ShapeType::list || shape->type == ShapeType::map ? " items" : counts ? " long" : "";
    if (shape->min && shape->max) return fmt::format("{:.0f} to {:.0f}{}", *shape->min, *shape->max, unit);
    if (shape->min && *shape->min > 0) return fmt::format("at least {:.0f}{}", *shape->min, unit);
    return shape->max ? fmt::format("at most {:.0f}{}", *shape->max, unit) : std::string{};
}

std::string marks_of(const Property& property, const ResolvedType& type) {
    std::vector<std::string> marks;
    if (property.required) marks.emplace_back("required");
    if (property.replaces) marks.emplace_back("replaces");
    if (property.write_only) marks.emplace_back("write-only");
    if (property.local) marks.emplace_back("kept by Strata");
    if (property.facet != 0) marks.emplace_back("part of its own");
    const auto note = type.notes.find(property.name);
    if (note != type.notes.end() && note->second.secret) marks.emplace_back("secret");
    if (note != type.notes.end() && note->second.sameness == "json") marks.emplace_back("JSON document");
    if (!property.default_json.empty()) marks.push_back(fmt::format("default `{}`", property.default_json));
    return join(marks, ", ");
}

void collect(const Shape* shape, const Names& names, std::vector<const Shape*>& found) {
    if (names.untyped(shape)) return;
    if (shape->type == ShapeType::list || shape->type == ShapeType::map) return collect(shape->element->shape, names, found);
    if (shape->type != ShapeType::structure || std::ranges::find(found, shape) != found.end()) return;
    found.push_back(shape);
    for (const auto& member : shape->members)
        if (!names.untyped_member(shape, member.name)) collect(member.shape, names, found);
}

std::string structure_table(const Shape* shape, const Names& names) {
    std::vector<std::string> rows;
    for (const auto& member : shape->members)
        rows.push_back(fmt::format("| `{}` | {} | {} | {} |", cpp_member(snake_case(member.name)),
                                   names.untyped_member(shape, member.name) ? "any" : kind_of(member.shape, names), limits_of(member.shape),
                                   member.required ? "required" : ""));
    std::ranges::sort(rows);
    return fmt::format("### {}\n\n| member | holds | values | |\n| --- | --- | --- | --- |\n{}\n\n", names.of(shape), join(rows, "\n"));
}

std::string page_path(const ResolvedType& type) { return fmt::format("{}/{}.md", type.decl.service, snake_case(type.decl.class_name())); }

}  // namespace

std::string reference_page(const ResolvedType& type, const Names& names) {
    const auto& decl = type.decl;
    std::vector<std::string> rows;
    for (const auto& property : type.properties)
        rows.push_back(fmt::format("| `{}` | {} | {} | {} |", cpp_member(property.label), kind_of(property.shape, names),
                                   limits_of(property.shape), marks_of(property, type)));
    std::ranges::sort(rows);
    std::vector<std::string> outputs;
    for (const auto& output : type.outputs)
        outputs.push_back(fmt::format("| `{}()` | `{}` | {} |", output_accessor(output.label), Names::output(output.shape),
                                      output.stable ? "survives updates" : ""));
    std::ranges::sort(outputs);
    std::vector<const Shape*> shapes;
    for (const auto& property : type.properties) collect(property.shape, names, shapes);
    std::ranges::sort(shapes, {}, [&](const Shape* shape) { return names.of(shape); });
    std::string structures;
    for (const auto* shape : shapes) structures += structure_table(shape, names);
    return fmt::format(
        "# {0}\n\n{1}\n\n`#include \"providers/aws/{2}.hpp\"`: `aws::{2}::{3}`, arguments `aws::{2}::{3}Args`. "
        "Made from `{4}`.\n\n## Properties\n\n| property | holds | values | |\n| --- | --- | --- | --- |\n{5}\n\n"
        "## Outputs\n\n| output | type | |\n| --- | --- | --- |\n{6}\n\n{7}{8}",
        decl.name, decl.about, cpp_name(decl.service), decl.class_name(), decl.file, join(rows, "\n"), join(outputs, "\n"),
        structures.empty() ? "" : "## Structures\n\n", structures);
}

std::string reference_index(std::span<const ResolvedType> types) {
    std::vector<std::string> rows;
    for (const auto& type : types) rows.push_back(fmt::format("| [`{}`]({}) | {} |", type.decl.name, page_path(type), type.decl.about));
    std::ranges::sort(rows);
    return fmt::format(
        "# Resource types\n\nMade by `strata_types reference` from providers/aws/types and the service models.\n\n| type | what it is |\n| "
        "--- | --- |\n{}\n",
        join(rows, "\n"));
}

}  // namespace strata::codegen
