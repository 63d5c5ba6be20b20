#include "tests/components/declared_stack.hpp"

#include <memory>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/graph/resolve.hpp"
#include "providers/aws/resource/check.hpp"

namespace components {

using strata::Value;
using strata::ValueMap;

DeclaredStack::DeclaredStack()
    : stack{"test",
            {.name = "dev",
             .account = "123456789012",
             .region = "ca-central-1",
             .partition = "aws",
             .zones = {"ca-central-1a", "ca-central-1b", "ca-central-1d"}}} {}

strata::ClosedGraph& DeclaredStack::closed() {
    if (!is_closed_) closed_ = strata::close(stack.graph(), diagnostics_);
    is_closed_ = true;
    return closed_;
}

Value DeclaredStack::resolved(const Value& value) {
    strata::Resolver resolver{
        stack.graph(),
        {.resource =
             [&](std::uint32_t resource, const std::string& output) {
                 return Value{fmt::format("${{{}.{}}}", stack.graph().resources()[resource].address, output)};
             },
         .lookup = [](const strata::LookupNode& node, const ValueMap&) { return Value{fmt::format("${{lookup {}}}", node.kind)}; },
         .stack_output = [](const strata::StackOutputNode& node) { return Value{fmt::format("${{{}/{}}}", node.stack, node.output)}; }},
        diagnostics_};
    return resolver.resolve(value);
}

std::vector<std::string> DeclaredStack::resources() {
    std::vector<std::string> found;
    for (const auto& resource : stack.graph().resources()) found.push_back(fmt::format("{}: {}", resource.address, resource.type->name));
    return found;
}

std::string DeclaredStack::properties(const std::string& address) {
    const auto at = closed().resource_at.find(address);
    if (at == closed_.resource_at.end()) return {};
    return strata::to_json(resolved(Value{stack.graph().resources()[at->second].properties}));
}

std::string DeclaredStack::property(const std::string& address, const std::string& name) {
    const auto at = closed().resource_at.find(address);
    if (at == closed_.resource_at.end()) return {};
    const auto* value = stack.graph().resources()[at->second].properties.find(name);
    return value != nullptr ? written(*value) : std::string{};
}

std::string DeclaredStack::output(const std::string& name) {
    for (const auto& output : stack.graph().outputs())
        if (output.name == name) return written(output.value);
    return {};
}

std::string DeclaredStack::written(const Value& value) {
    const auto known = resolved(value);
    const auto text = known.text_or("");
    return text.starts_with('{') ? std::string{text} : strata::to_json(known);
}

std::vector<std::string> DeclaredStack::needs(const std::string& key) {
    const auto name_of_node = [&](const strata::GraphNode& node) {
        const auto& declaration = closed_.declaration(node);
        return strata::node_key(declaration.address, declaration.type->facets.empty() ? "" : declaration.type->facets[node.facet].label);
    };
    std::vector<std::string> found;
    for (const auto& node : closed().nodes)
        if (name_of_node(node) == key)
            for (const auto before : node.dependencies) found.push_back(name_of_node(closed_.nodes[before]));
    return found;
}

std::vector<std::string> DeclaredStack::mistakes() {
    closed();
    for (const auto& resource : stack.graph().resources())
        strata::aws::check_properties(*resource.type, resource.properties,
                                      [&](std::string_view path, const std::string& message, const std::string&) {
                                          diagnostics_.error({.kind = strata::ErrorKind::invalid_program,
                                                              .summary = "Invalid property",
                                                              .cause = fmt::format("{} {}: {}", resource.address, path, message),
                                                              .remedy = {}});
                                      });
    std::vector<std::string> found;
    for (const auto& error : diagnostics_.errors()) found.push_back(error.cause);
    return found;
}

}  // namespace components
