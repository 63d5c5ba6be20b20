#pragma once

#include "engine/base/diagnostics.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/model/graph.hpp"

namespace strata {

/// Everything that is wrong with what a program declares and can be said without a call: provider instances that there are not, or that
/// cannot be made, and properties that their provider would not take. Instances are made here, not configured.
void check_graph(const Graph& graph, ProviderSet& providers, Diagnostics& diagnostics);

}  // namespace strata
