#include <set>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_emit.hpp"
#include "providers/aws/codegen/types_tables.hpp"

namespace strata::codegen {

namespace {

std::string gather(std::string_view cpp_type, const std::vector<std::pair<std::string, std::string>>& members) {
    std::string rows;
    for (const auto& [wire, member] : members) rows += fmt::format("        {{{}, &value.{}}},\n", cpp_literal(wire), member);
    return fmt::format("Declared fields(const {}& value) {{\n    return gather({{\n{}    }}, &value.additional);\n}}\n\n", cpp_type, rows);
}

std::string structure_fields(const aws::Shape* shape, const Names& names) {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& member : shape->members) members.emplace_back(std::string{member.name}, cpp_member(snake_case(member.name)));
    return gather(names.of(shape), members);
}

std::string argument_fields(const ResolvedType& type) {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& property : type.properties) members.emplace_back(property.name, cpp_member(property.label));
    return gather(type.decl.class_name() + "Args", members);
}

std::string enum_texts(const aws::Shape* shape, const Names& names) {
    std::vector<std::string> values;
    for (const auto value : shape->enum_values) values.push_back(cpp_literal(value));
    return fmt::format(
        "std::string_view text_of({} value) {{\n    static constexpr std::string_view texts[] = {{{}}};\n    return "
        "texts[static_cast<std::size_t>(value)];\n}}\n\n",
        names.of(shape), join(values, ", "));
}

std::string resource_functions(const ResolvedType& type) {
    const auto name = type.decl.class_name();
    std::string out = fmt::format(
        "{0}::{0}(const strata::Scope& scope, std::string_view name, const {0}Args& args, const strata::Options& options, "
        "std::source_location where)\n"
        "    : strata::Resource{{scope, name, type(), fields(args), options, where}} {{}}\nconst strata::ResourceType& {0}::type() {{ "
        "return {0}_type; }}\n",
        name);
    for (const auto& output : type.outputs) {
        const auto result = Names::output(output.shape);
        out += fmt::format("strata::Output<{0}> {1}::{2}() const {{ return output<{0}>({3}); }}\n", result, name,
                           output_accessor(output.label), cpp_literal(output.name));
    }
    return out + "\n";
}

/// Declarations of the functions beside the type files that the tables point at.
std::string hook_declarations(std::string_view service, std::span<const ResolvedType> types) {
    std::set<std::string> lines;
    const auto add = [&](const std::string& function, std::string_view signature) {
        if (!function.empty()) lines.insert(fmt::format(fmt::runtime(signature), function));
    };
    for (const auto& type : types) {
        add(type.decl.hook_planned_id, "std::string {}(const ValueMap& properties, const ProviderIdentity& identity);");
        add(type.decl.hook_prepare, "Status {}(Caller& call, std::string_view operation, const Step& step, ValueMap& params);");
        add(type.decl.hook_after_read,
            "void {}(const Value& answer, const ProviderIdentity& identity, ValueMap& properties, ValueMap& outputs);");
        add(type.decl.hook_before_delete, "Status {}(Caller& call, const Step& step);");
        add(type.decl.hook_check, "void {}(const ValueMap& properties, const Provider::Report& report);");
        for (const auto& [property, function] : type.decl.canonical) add(function, "Value {}(const Value& value);");
    }
    if (lines.empty()) return {};
    const std::vector<std::string> sorted{lines.begin(), lines.end()};
    return fmt::format("namespace hooks::{0} {{\n{1}\n}}  // namespace hooks::{0}\n\n", cpp_name(service), join(sorted, "\n"));
}

}  // namespace

std::string service_source(std::string_view service, std::span<const ResolvedType> types, const Names& names) {
    Tables tables{names};
    for (const auto& type : types) tables.type(type);
    std::string rows;
    for (const auto& type : types) rows += fmt::format("    &{}_type,\n", type.decl.class_name());
    std::string functions;
    for (const auto* shape : names.enums()) functions += enum_texts(shape, names);
    // Constructors first: they must see `fields` only as a friend of their arguments (see aggregate() in types_emit_header.cpp).
    for (const auto& type : types) functions += resource_functions(type);
    for (const auto* shape : names.structures()) functions += structure_fields(shape, names);
    for (const auto& type : types) functions += argument_fields(type);
    const auto space = cpp_name(service);
    return fmt::format(R"(// Made by strata_types from providers/aws/types/{0}/*.yaml.
#include "providers/aws/{1}.hpp"

#include "providers/aws/resource/declaration.hpp"

namespace strata::aws {{

{2}namespace {1} {{

namespace {{

using K = Expression::Kind;
constexpr Schema any_schema{{.shape = PropertyShape::any}};
{3}constexpr const strata::ResourceType* rows[] = {{
{4}}};

}}  // namespace

{5}}}  // namespace {1}

namespace generated {{
extern const std::span<const strata::ResourceType* const> {1}_types;
const std::span<const strata::ResourceType* const> {1}_types{{{1}::rows}};
}}  // namespace generated

}}  // namespace strata::aws
)",
                       service, space, hook_declarations(service, types), tables.text(), rows, functions);
}

std::string types_registry(std::span<const std::string> services) {
    std::string declarations, rows;
    for (const auto& service : services) {
        declarations += fmt::format("extern const std::span<const ResourceType* const> {}_types;\n", cpp_name(service));
        rows +=
            fmt::format("    types.insert(types.end(), generated::{0}_types.begin(), generated::{0}_types.end());\n", cpp_name(service));
    }
    return fmt::format(R"(// Made by strata_types from the folders of providers/aws/types.
#include "providers/aws/resource/types.hpp"

#include <algorithm>
#include <vector>

namespace strata::aws {{

namespace generated {{
{}}}  // namespace generated

namespace {{

std::vector<const ResourceType*> all_types() {{
    std::vector<const ResourceType*> types;
{}    std::ranges::sort(types, {{}}, &ResourceType::name);
    return types;
}}

}}  // namespace

std::span<const ResourceType* const> resource_types() {{
    static const auto types = all_types();
    return types;
}}

const ResourceType* find_resource_type(std::string_view name) {{
    const auto types = resource_types();
    const auto at = std::ranges::lower_bound(types, name, {{}}, &ResourceType::name);
    return at != types.end() && (*at)->name == name ? *at : nullptr;
}}

}}  // namespace strata::aws
)",
                       declarations, rows);
}

}  // namespace strata::codegen
