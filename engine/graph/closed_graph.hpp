#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/model/graph.hpp"

namespace strata {

/// What is carried out as one: a resource's core, or one of its facets.
struct GraphNode {
    std::uint32_t resource = 0;               ///< index into Graph::resources()
    std::size_t facet = 0;                    ///< index into ResourceType::facets
    ValueMap properties;                      ///< of this facet only; may hold References
    std::vector<std::uint32_t> dependencies;  ///< node indices that come before, ascending, each once
};

/// A graph to which nothing is added any more: fragments merged, facets split off, order settled.
struct ClosedGraph {
    const Graph* graph = nullptr;
    std::vector<GraphNode> nodes;
    std::vector<std::uint32_t> order;                               ///< node indices; everything comes after what it depends on
    std::map<std::string, std::uint32_t, std::less<>> resource_at;  ///< address -> index into Graph::resources()
    std::vector<std::vector<std::uint32_t>> nodes_of;               ///< by resource: its nodes, the core first

    [[nodiscard]] const ResourceDeclaration& declaration(const GraphNode& node) const { return graph->resources()[node.resource]; }
};

/// "network/private-a", or "network/private-a#routes" for a facet: how steps, journal and state name a node.
std::string node_key(std::string_view address, std::string_view facet_label);

/// Closes `graph`. Every mistake (two resources of one address, a depends_on that names nothing, a cycle, a
/// fragment for a property that is not there) goes into `diagnostics`; the result is of use only when it is ok.
ClosedGraph close(Graph& graph, Diagnostics& diagnostics);

/// The resources whose outputs `value` uses, directly or through other nodes; ascending, each once.
std::vector<std::uint32_t> resources_used(const Graph& graph, const Value& value);
std::vector<std::uint32_t> resources_used(const Graph& graph, const ValueMap& properties);

}  // namespace strata
