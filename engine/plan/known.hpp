#pragma once

#include <string>
#include <string_view>

#include "engine/plan/planner.hpp"

namespace strata {

/// What state and the reads say of a resource that is being planned.
class Known {
public:
    explicit Known(const PlannerInput& input) : in_{input} {}

    /// nullptr: state has no such thing.
    [[nodiscard]] const ResourceState* recorded(const PlannedResource& planned) const;
    /// What state has under the address, but of another type; nullptr when there is no such thing.
    [[nodiscard]] const ResourceState* displaced_by(const PlannedResource& planned) const;
    /// The step of an earlier run that made or deleted it and was handed over; nullptr when there is none.
    [[nodiscard]] const OpenStep* handed_over(const PlannedResource& planned, std::string_view action) const;

    /// nullptr: nothing was read of it.
    [[nodiscard]] const ReadResult* read(const PlannedResource& planned) const;
    [[nodiscard]] const ReadResult* found_at(const std::string& state_address) const;
    /// nullptr: it was not read, or is not there.
    [[nodiscard]] const Live* live(const PlannedResource& planned) const;

private:
    const PlannerInput& in_;
};

}  // namespace strata
