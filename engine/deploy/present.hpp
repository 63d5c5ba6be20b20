#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/deploy/read_live.hpp"
#include "engine/model/graph.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What is known of a planned resource while the plan is carried out.
struct Present {
    std::string id;
    ValueMap outputs;
    ValueMap properties;  ///< resolved, of all facets
    bool shrunk = false;  ///< a "replace if changed" that turned out not to be needed
};

/// What is known of every resource of a plan. Begins with state and what was read, and learns from each step.
class Presence {
public:
    Presence(const Plan& plan, const State& state, const LiveMap& live);

    /// @param resource index into Plan::resources
    Present& operator[](std::size_t resource) { return present_[resource]; }
    const Present& operator[](std::size_t resource) const { return present_[resource]; }

    /// An output of a declared resource; unknown when its step has not run yet.
    [[nodiscard]] Value output_of(const ResourceDeclaration& declaration, const std::string& output) const;

    /// The resource as it was before this plan: operator[] may speak of its replacement already.
    [[nodiscard]] Present before(const PlannedResource& planned) const;

private:
    const State& state_;
    const LiveMap& live_;
    std::vector<Present> present_;
    std::map<std::string, std::size_t, std::less<>> planned_at_;
};

}  // namespace strata
