#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/deploy/events.hpp"
#include "engine/deploy/interrupt.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/deploy/read_live.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/graph/resolve.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/session.hpp"

namespace strata {

/// What became of a plan.
struct Outcome {
    struct Failure {
        std::string address;
        std::string facet;
        StepKind step = StepKind::create;
        Error error;
    };
    std::size_t done = 0;
    std::size_t skipped = 0;  ///< because something they need failed, or the run was interrupted
    std::vector<Failure> failures;
    std::optional<Error> state_error;  ///< state could not be written: nothing was started after that
    bool interrupted = false;
    std::map<std::string, Value, std::less<>> outputs;  ///< of the stack, those that are known now

    [[nodiscard]] bool ok() const { return failures.empty() && !state_error && !interrupted && skipped == 0; }
};

struct ExecutorInput {
    const Plan* plan = nullptr;
    const ClosedGraph* graph = nullptr;
    const LiveMap* live = nullptr;
    const State* before = nullptr;  ///< what the plan was made from: what is renamed still stands under its former address
    StateSession* session = nullptr;
    ProviderSet* providers = nullptr;
    Clock* clock = nullptr;
    const Interrupt* interrupt = nullptr;
    EventSink events;
    std::function<Value(const LookupNode&, const ValueMap&)> lookup;
    std::function<std::optional<Error>()> lookup_failure;  ///< why a lookup of this run gave nothing; empty when none failed
    std::function<Value(const StackOutputNode&)> stack_output;
    std::string stack_tag;
    std::size_t parallel = 32;
};

/// Carries out the plan: every step when all before it are done, longest chain first. When one fails, the
/// branches that do not need it go on. Each step is journaled before its call and after.
Outcome carry_out(const ExecutorInput& input);

}  // namespace strata
