#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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
    ValueMap properties;   ///< resolved, of all facets
    bool pending = false;  ///< its core is yet to be made or changed
    bool decided = false;  ///< of a "replace if changed": it is known whether it is needed
    bool shrunk = false;   ///< and it is not
};

/// What is known of every resource of a plan. Begins with state and what was read, and learns from each step.
class Presence {
public:
    Presence(const Plan& plan, const State& state, const LiveMap& live);

    /// @param resource index into Plan::resources
    Present& operator[](std::size_t resource) { return present_[resource]; }
    const Present& operator[](std::size_t resource) const { return present_[resource]; }

    /// An output of a declared resource; unknown when its step has not run yet and may change it.
    [[nodiscard]] Value output_of(const ResourceDeclaration& declaration, const std::string& output) const;

    /// The resource as it was before this plan: operator[] may speak of its replacement already.
    [[nodiscard]] Present before(const PlannedResource& planned) const;

    /// The planned resource that stands for a node key ("network/vpc#routes"); nothing when nothing is planned for it.
    [[nodiscard]] std::optional<std::size_t> planned_for(std::string_view node_key) const;

private:
    [[nodiscard]] bool is_known(std::size_t resource, bool stable) const;

    const Plan& plan_;
    const State& state_;
    const LiveMap& live_;
    std::vector<Present> present_;
    std::map<std::string, std::size_t, std::less<>> planned_at_;
};

}  // namespace strata
