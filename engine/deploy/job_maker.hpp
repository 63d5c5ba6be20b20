#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/base/diagnostics.hpp"
#include "engine/deploy/executor.hpp"
#include "engine/deploy/present.hpp"
#include "engine/deploy/step_job.hpp"
#include "engine/graph/resolve.hpp"

namespace strata {

/// Turns a planned step into the call's worth of work that its provider is asked to do, with everything known by then.
class JobMaker {
public:
    /// @param before state as it was when the plan was made
    JobMaker(const ExecutorInput& input, const State& before, Presence& presence);

    struct Made {
        std::optional<StepJob> job;
        std::vector<Mutation> instead;  ///< what state is to hold where, everything known, nothing differs any more
    };
    /// @param s index into Plan::steps, an update, create or remove
    Result<Made> make(std::size_t s, Provider* provider);

    /// True when a replacement turns out not to be needed. The first step of it that asks settles that, for good: what is not
    /// known by then counts as different.
    /// @param resource index into Plan::resources
    bool is_spared(std::size_t resource);

    /// A value of the program as far as it is known now.
    Value resolve(const Value& value) { return resolver_.resolve(value); }

private:
    StepJob removal(std::size_t s, Provider* provider) const;
    StepJob making(std::size_t s, Provider* provider, const PlannedFacet& facet, ValueMap desired, const Diff& changes) const;
    StepJob job_for(std::size_t s, Provider* provider, StepAction action) const;
    void go_on_with(const std::string& open_step, StepJob& job) const;
    void try_to_decide(std::size_t resource);
    ValueMap desired_now(const PlannedResource& planned, const PlannedFacet& facet);
    void leave_out_defaults(const PlannedResource& planned, const PlannedFacet& facet, ValueMap& desired) const;
    Diff diff_now(const PlannedResource& planned, const PlannedFacet& facet, const ValueMap& desired) const;
    Result<Made> letting_go(std::size_t s, Provider* provider, const PlannedFacet& facet, ValueMap desired);
    /// What the facet holds now, and what was applied of it; nullptr when nothing was.
    const ValueMap& present_of(const PlannedFacet& facet) const;
    const ValueMap* applied_of(const PlannedResource& planned, const PlannedFacet& facet) const;
    /// nullptr for what the program no longer declares.
    const ResourceDeclaration* declaration_of(const PlannedResource& planned) const;
    Milliseconds timeout_of(const PlannedResource& planned, StepAction action) const;

    const ExecutorInput& in_;
    const State& before_;
    Presence& presence_;
    Diagnostics diagnostics_;
    Resolver resolver_;
    std::map<const PlannedFacet*, ValueMap> let_go_;  ///< what is left of those that were updated ahead
};

}  // namespace strata
