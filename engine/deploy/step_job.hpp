#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/deploy/interrupt.hpp"
#include "engine/model/provider.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/session.hpp"

namespace strata {

/// One step ready to be sent, on the thread of a worker.
struct StepJob {
    std::size_t index = 0;  ///< into Plan::steps
    Provider* provider = nullptr;
    std::string instance;  ///< provider instance
    Step step;
    /// What state is to hold once the step is done, in the same record as its end.
    std::function<std::vector<Mutation>(const Progress&)> effects;
    std::string continues = {};  ///< the open step of an earlier run that handed this one over; empty: it is begun here
    Value cursor;                ///< of that step
    bool old = false;            ///< as PlannedStep::old
    bool lets_go = false;        ///< as Event::lets_go
};

struct StepResult {
    std::size_t index = 0;
    std::optional<Error> error;
    std::optional<Error> state_error;
    Progress progress;
    bool handed_over = false;  ///< the run was interrupted before the end was seen; the step stays open, the next run goes on
};

/// begin record, call, polls, end record; of a step that was handed over, only what is left of that. Never throws.
/// @param report  called with the provider's words while it waits
StepResult run_step(const StepJob& job, StateSession& session, const Interrupt& interrupt,
                    const std::function<void(const std::string&)>& report);

}  // namespace strata
