#pragma once

#include <string>

#include "engine/graph/closed_graph.hpp"

namespace strata {

/// SHA-256 over what the program declared: types, addresses, properties, edges and options; not the binary, not source
/// lines. Secrets enter by their digest only.
std::string program_hash(const ClosedGraph& graph);

}  // namespace strata
