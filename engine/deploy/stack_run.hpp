#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/deploy/drift.hpp"
#include "engine/deploy/events.hpp"
#include "engine/deploy/executor.hpp"
#include "engine/deploy/interrupt.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/deploy/read_live.hpp"
#include "engine/deploy/recovery.hpp"
#include "engine/deploy/rediscovery.hpp"
#include "engine/deploy/stack_program.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/model/stack.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/planner.hpp"
#include "engine/state/session.hpp"

namespace strata {

/// How a run looks and works; from flags.
struct RunOptions {
    Selection selection;
    bool destroy = false;
    bool offline = false;
    bool all_facets = false;
    std::size_t parallel = 32;
};

/// What all stacks of a run have in common.
struct RunContext {
    Environment environment;
    std::vector<ProviderDeclaration> providers;  ///< configured in the environment
    ProviderSet* provider_set = nullptr;
    Clock* clock = nullptr;
    const Interrupt* interrupt = nullptr;
    EventSink events;
    RunOptions options;
    SeenSerials* seen = nullptr;  ///< may be left out
    /// A planned or deployed output of another stack; empty when there is none.
    std::function<std::optional<Value>(const std::string& stack, const std::string& output)> stack_output;
};

/// One stack on its way from program to plan to done. The passes are called in the order in which they stand here;
/// each says what it could not do, and the next is of use only when it did.
class StackRun {
public:
    StackRun(const StackProgram& program, RunContext& context, StateStore& store, const KeyRing& keys);

    /// Evaluates the program, closes the graph and checks every property. Every mistake goes into `diagnostics`.
    void evaluate(Diagnostics& diagnostics);
    /// Loads state; with a request takes the lock first.
    Status open_state(const std::optional<LockRequest>& lock);
    /// Settles unfinished steps of earlier runs. Recorded when the lock is held, else in memory only.
    Status recover_steps();
    /// Asks every provider instance in use who it is, and compares with configuration and state; then looks at everything
    /// that state holds. Does nothing when offline.
    /// @errors credentials, network, wrong_account
    Status read();
    /// Decides. What the batched read shows as changed is confirmed by the authoritative call first.
    Status make_plan(Diagnostics& diagnostics);
    /// Cuts the plan down to taking one resource into state as it is; where it differs from the program, the next `up` says so.
    /// @errors invalid_program when the plan does not import this address
    Status keep_only_import(const std::string& address);
    /// In the place of make_plan(), where state lacks what is there: looks in the account for everything that is declared and not in
    /// state, by names and tags, and plans to take it into state as it is, and nothing else. Returns what was not found or not matched.
    /// @errors credentials, network
    Result<Rediscovery> plan_rediscovery(Diagnostics& diagnostics);
    /// Does what the plan says, then folds the journal into the snapshot. Only with the lock.
    Outcome carry_out_plan();
    /// What was changed outside of Strata since it was last applied, confirmed by the authoritative call; after read().
    Result<DriftReport> drift(bool unmanaged);
    /// Moves live values into state (`refresh`). Returns the addresses whose record changed.
    Result<std::vector<std::string>> accept_live();

    [[nodiscard]] const std::string& name() const { return program_.name; }
    [[nodiscard]] const Plan& plan() const { return plan_; }
    [[nodiscard]] Plan& plan() { return plan_; }
    [[nodiscard]] const State& state() const { return state_; }
    [[nodiscard]] const LiveMap& live() const { return live_; }
    [[nodiscard]] StateSession& session() { return *session_; }
    [[nodiscard]] const ClosedGraph& graph() const { return closed_; }
    [[nodiscard]] Stack& stack() { return *stack_; }
    /// Stacks whose outputs this one uses.
    [[nodiscard]] std::vector<std::string> references() const;
    /// Planned or known value of an output.
    [[nodiscard]] std::optional<Value> output(const std::string& name) const;
    /// "foundation.dev": what the stack tag says.
    [[nodiscard]] std::string stack_tag() const;

private:
    Status identify();
    /// What planning is busy with.
    void tell(std::string text) const;
    Status settle(Recovery recovery);
    Result<bool> settle_what_the_plan_leaves();
    void tell_what_goes_on() const;
    Status take_over(const std::map<std::string, std::string>& found);
    void keep_only_imports();
    PlannerInput planner_input();
    [[nodiscard]] bool same_place(const std::string& one, const std::string& other) const;
    Value resolve_stack_output(const StackOutputNode& node);
    Value look_up(const LookupNode& node, const ValueMap& arguments);
    Status record_bookkeeping(const Outcome* outcome);
    void add_output_mutations(const Outcome& outcome, std::vector<Mutation>& mutations) const;

    const StackProgram& program_;
    RunContext& context_;
    StateStore& store_;
    KeyRing keys_;
    std::unique_ptr<Stack> stack_;
    ClosedGraph closed_;
    std::unique_ptr<StateSession> session_;
    bool locked_ = false;
    State state_;
    std::map<std::string, std::vector<ReadItem>, std::less<>> items_;
    LiveMap live_;
    std::set<std::string, std::less<>> unsettled_;  ///< addresses that recovery could not see the end of
    Plan plan_;
    bool carried_out_ = false;
    std::map<std::string, Value, std::less<>> final_outputs_;
    std::map<std::string, ValueMap, std::less<>> lookups_;  ///< answers by instance, kind and arguments
    std::map<std::string, Error, std::less<>> failed_lookups_;
    std::vector<Error> warnings_;
    std::vector<Error> missing_references_;
};

}  // namespace strata
