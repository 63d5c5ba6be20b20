#pragma once

#include <string>
#include <vector>

#include "engine/deploy/provider_set.hpp"
#include "engine/deploy/read_live.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/plan/diff.hpp"
#include "engine/plan/selection.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What became of one resource outside of Strata since it was last applied.
struct DriftedResource {
    std::string address;
    std::string type_name;
    std::string id;
    bool missing = false;                   ///< gone from the service
    std::optional<Error> unreadable;        ///< could not be seen
    std::vector<PropertyChange> changes;    ///< before: last applied; after: live
    std::vector<PropertyChange> unmanaged;  ///< what the program never set, nor the service by itself (`drift --full`)
};

/// The drift of one stack.
struct DriftReport {
    std::string stack;
    std::string environment;
    std::vector<DriftedResource> resources;  ///< those that drifted or could not be read, by address
    std::size_t read_live = 0;

    [[nodiscard]] bool drifted() const;
};

struct DriftInput {
    const State* state = nullptr;
    const LiveMap* live = nullptr;
    ProviderSet* providers = nullptr;
    const ClosedGraph* graph = nullptr;  ///< its ignore_changes and ignore_tags hold; nullptr: none do
    Selection selection;
    bool unmanaged = false;  ///< also what the program never set
};

/// Compares what was last applied with what is live.
DriftReport drift_of(const DriftInput& input);

}  // namespace strata
