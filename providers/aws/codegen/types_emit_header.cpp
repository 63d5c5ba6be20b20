#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_emit.hpp"

namespace strata::codegen {

using aws::Shape;

namespace {

struct Line {
    std::string name;
    std::string type;
};

/// Members in alphabetical order, which is the order in which designated initialisers must stand.
std::string members_of(std::vector<Line> lines) {
    std::ranges::sort(lines, {}, &Line::name);
    std::string out;
    for (const auto& line : lines) out += fmt::format("    {} {}{{}};\n", line.type, line.name);
    return out;
}

/// `fields` is a friend so that only a value of this very type finds it: were it a plain function, asking whether some
/// other type has fields would make the compiler look at conversions to every structure of the service.
std::string aggregate(std::string_view name, std::vector<Line> lines) {
    return fmt::format("struct {0} {{\n{1}    friend Declared fields(const {0}& value);\n}};\n\n", name, members_of(std::move(lines)));
}

std::string structure(const Shape* shape, const Names& names) {
    std::vector<Line> lines = {{"additional", "Map<Value>"}};
    for (const auto& member : shape->members)
        lines.push_back({cpp_member(snake_case(member.name)),
                         names.untyped_member(shape, member.name) ? "Input<Value>" : names.argument(member.shape)});
    const auto name = names.of(shape);
    return aggregate(name, std::move(lines));
}

std::string enumeration(const Shape* shape, const Names& names) {
    return fmt::format("enum class {0} : std::uint8_t {{ {1} }};\nstd::string_view text_of({0} value);\n\n", names.of(shape),
                       join(enumerators(shape), ", "));
}

std::string arguments(const ResolvedType& type, const Names& names) {
    std::vector<Line> lines = {{"additional", "Map<Value>"}};
    for (const auto& property : type.properties) lines.push_back({cpp_member(property.label), names.argument(property.shape)});
    return aggregate(type.decl.class_name() + "Args", std::move(lines));
}

std::string resource(const ResolvedType& type) {
    std::string outputs;
    for (const auto& output : type.outputs)
        outputs +=
            fmt::format("    [[nodiscard]] strata::Output<{}> {}() const;\n", Names::output(output.shape), output_accessor(output.label));
    return fmt::format(R"(/// {about} ({name}; docs/reference/{service}/{page}.md)
class {class} : public strata::Resource {{
public:
    {class}(const strata::Scope& scope, std::string_view name, const {class}Args& args, const strata::Options& options = {{}},
        std::source_location where = std::source_location::current());
    static const strata::ResourceType& type();
{outputs}}};

)",
                       fmt::arg("about", type.decl.about), fmt::arg("name", type.decl.name), fmt::arg("service", type.decl.service),
                       fmt::arg("page", snake_case(type.decl.class_name())), fmt::arg("class", type.decl.class_name()),
                       fmt::arg("outputs", outputs));
}

}  // namespace

std::string output_accessor(std::string_view label) {
    // What the base class has already.
    if (label == "address" || label == "output" || label == "contribute" || label == "type") return std::string{label} + "_";
    return cpp_member(label);
}

std::string service_header(std::string_view service, std::span<const ResolvedType> types, const Names& names) {
    std::string body;
    for (const auto* shape : names.enums()) body += enumeration(shape, names);
    for (const auto* shape : names.structures()) body += structure(shape, names);
    for (const auto& type : types) body += arguments(type, names) + resource(type);
    return fmt::format(R"(// Made by strata_types from providers/aws/types/{0}/*.yaml.
#pragma once

#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/input.hpp"
#include "engine/model/stack.hpp"

namespace strata::aws::{1} {{

{2}}}  // namespace strata::aws::{1}
)",
                       service, cpp_name(service), body);
}

}  // namespace strata::codegen
