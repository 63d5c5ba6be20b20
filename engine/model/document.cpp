#include "engine/model/document.hpp"

#include "engine/base/json.hpp"

namespace strata {

namespace {

/// The nodes that `value` refers to, in the order in which filled() meets them.
void collect_references(const Value& value, std::vector<std::uint32_t>& nodes) {
    if (const auto* reference = value.reference()) nodes.push_back(reference->node);
    if (value.is_secret()) collect_references(value.revealed(), nodes);
    if (const auto* items = value.list())
        for (const auto& item : *items) collect_references(item, nodes);
    if (const auto* members = value.map())
        for (const auto& [name, member] : *members) collect_references(member, nodes);
}

/// `tree` with its references replaced, one by one, by `known`.
Value filled(const Value& tree, const std::vector<Value>& known, std::size_t& next) {
    if (tree.reference() != nullptr) return known[next++];
    if (tree.is_secret()) return filled(tree.revealed(), known, next);
    if (const auto* items = tree.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(filled(item, known, next));
        return out;
    }
    if (const auto* members = tree.map()) {
        ValueMap out;
        for (const auto& [name, member] : *members) out.set(name, filled(member, known, next));
        return out;
    }
    return tree;
}

}  // namespace

Output<std::string> json_document(const Scope& scope, const Value& tree, std::source_location where) {
    std::vector<std::uint32_t> nodes;
    collect_references(tree, nodes);
    auto& graph = scope.stack().graph();
    const auto write = [tree](const std::vector<Value>& known) {
        std::size_t next = 0;
        Value text{to_json(filled(tree, known, next))};
        return tree.has_secret() ? Value::secret(std::move(text)) : text;
    };
    return {graph, detail::add_mapped(graph, std::move(nodes), write, where, tree)};
}

}  // namespace strata
