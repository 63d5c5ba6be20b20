#include "engine/deploy/program_hash.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

Value countable(const Graph& graph, const Value& value);

/// A computed output counts by what it is made of, and by its inputs: a function itself cannot be looked into.
Value computed(const Graph& graph, const MappedNode& mapped) {
    if (!mapped.made_of.is_null()) return countable(graph, mapped.made_of);
    ValueList inputs;
    for (const auto input : mapped.inputs) inputs.push_back(countable(graph, Value{Reference{input}}));
    return inputs;
}

void add_all(Sha256& digest, std::string_view what, const std::vector<std::string>& texts) {
    digest.add(fmt::format("{} {}\n", what, join(texts, "\n")));
}

void add_options(Sha256& digest, const ResourceOptions& options) {
    digest.add(fmt::format("\n{}{}{} {}\n", options.protect, options.retain_on_delete, options.delete_before_replace, options.import_id));
    add_all(digest, "provider", {options.provider});
    add_all(digest, "aliases", options.aliases);
    add_all(digest, "ignore_changes", options.ignore_changes);
    add_all(digest, "replace_on_changes", options.replace_on_changes);
}

/// A form in which references and secrets count too; to_json would hide both.
Value countable(const Graph& graph, const Value& value) {
    if (value.is_secret()) return sha256_hex(to_json(value.without_marks()));
    if (const auto* reference = value.reference()) {
        const auto& node = graph.nodes()[reference->node];
        if (const auto* output = std::get_if<OutputNode>(&node))
            return fmt::format("output {} {}", graph.resources()[output->resource].address, output->output);
        if (const auto* other = std::get_if<StackOutputNode>(&node)) return fmt::format("stack {} {}", other->stack, other->output);
        if (const auto* lookup = std::get_if<LookupNode>(&node))
            return fmt::format("lookup {} {} {} {}", lookup->provider, lookup->kind, lookup->output,
                               to_json(countable(graph, Value{lookup->arguments})));
        return computed(graph, std::get<MappedNode>(node));
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
        add_options(digest, declaration.options);
        for (const auto before : node.dependencies) digest.add(fmt::format("{} ", before));
    }
    for (const auto& output : closed.graph->outputs())
        digest.add(fmt::format("{} {}\n", output.name, to_json(countable(*closed.graph, output.value))));
    for (const auto& forgotten : closed.graph->forgotten()) add_all(digest, "forget", {forgotten.first});
    return digest.finish_hex();
}

}  // namespace strata
