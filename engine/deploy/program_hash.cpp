#include "engine/deploy/program_hash.hpp"

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

/// A form in which references and secrets count too; to_json would hide both.
Value countable(const Graph& graph, const Value& value) {
    if (value.is_secret()) return sha256_hex(to_json(value.without_marks()));
    if (const auto* reference = value.reference()) {
        const auto& node = graph.nodes()[reference->node];
        if (const auto* output = std::get_if<OutputNode>(&node))
            return fmt::format("output {} {}", graph.resources()[output->resource].address, output->output);
        if (const auto* other = std::get_if<StackOutputNode>(&node)) return fmt::format("stack {} {}", other->stack, other->output);
        if (const auto* lookup = std::get_if<LookupNode>(&node)) return fmt::format("lookup {} {}", lookup->kind, lookup->output);
        ValueList inputs;
        if (const auto* mapped = std::get_if<MappedNode>(&node))
            for (const auto input : mapped->inputs) inputs.push_back(countable(graph, Value{Reference{input}}));
        return inputs;
    }
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(countable(graph, item));
        return out;
    }
    if (const auto* members = value.map()) {
        ValueMap out;
        for (const auto& [name, member] : *members) out.set(name, countable(graph, member));
        return out;
    }
    return value;
}

}  // namespace

std::string program_hash(const ClosedGraph& closed) {
    Sha256 digest;
    for (const auto& node : closed.nodes) {
        const auto& declaration = closed.declaration(node);
        digest.add(fmt::format("{} {} {}\n", declaration.type->name, declaration.address, node.facet));
        digest.add(to_json(countable(*closed.graph, Value{node.properties})));
        const auto& options = declaration.options;
        digest.add(
            fmt::format("\n{}{}{} {}\n", options.protect, options.retain_on_delete, options.delete_before_replace, options.import_id));
        for (const auto before : node.dependencies) digest.add(fmt::format("{} ", before));
    }
    for (const auto& output : closed.graph->outputs())
        digest.add(fmt::format("{} {}\n", output.name, to_json(countable(*closed.graph, output.value))));
    return digest.finish_hex();
}

}  // namespace strata
