#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/deploy/stack_run.hpp"

namespace strata {

/// What became of one stack.
struct StackOutcome {
    std::string stack;
    Outcome outcome;
};

/// What a deployment is made of; handed in by the command line.
struct DeploymentInput {
    std::vector<StackProgram> programs;  ///< every stack of the program
    std::vector<std::string> stacks;     ///< the ones to work on, in any order; not empty
    RunContext context;                  ///< `stack_output` is filled in by the deployment
    std::function<std::unique_ptr<StateStore>(const std::string& stack)> store;
    KeyRing keys;
    std::optional<LockRequest> lock;       ///< set: the locks are taken, changes may be made
    std::function<Status()> before_state;  ///< called when every program was found sound, before any state is read; may be empty
    // Called while plans are carried out, before the first and after the last step of each stack; may be empty.
    std::function<void(const StackRun&)> stack_begins;
    std::function<void(const StackOutcome&)> stack_ends;
};

/// Several stacks of one environment, planned and carried out in the order of their references.
class Deployment {
public:
    explicit Deployment(DeploymentInput input);
    Deployment(const Deployment&) = delete;
    Deployment& operator=(const Deployment&) = delete;

    /// Evaluates every chosen stack, settles unfinished steps, reads what is live and plans, each stack after those whose
    /// outputs it uses. Every mistake of every program goes into `diagnostics` at once; then nothing was read.
    /// @errors of state, credentials and network end it
    Status plan(Diagnostics& diagnostics);

    /// As plan(), but plans only to take into state what the account has of the program and state does not know.
    /// @return what was not found or not matched, one for each stack in the order of runs()
    Result<std::vector<Rediscovery>> plan_rediscovery(Diagnostics& diagnostics);

    /// As plan(), but stops after the live read: for refresh and drift, which need no program.
    Status read(Diagnostics& diagnostics);

    /// Carries the plans out in order (destroy: in reverse). A stack whose plan has errors, or that uses a stack that
    /// did not succeed, is not begun.
    std::vector<StackOutcome> carry_out();

    /// In the order in which they are carried out.
    [[nodiscard]] std::span<const std::unique_ptr<StackRun>> runs() const { return runs_; }
    /// Stacks that use an output of `stack`, by state, though they are not part of this deployment.
    [[nodiscard]] std::vector<std::string> users_of(const StackRun& run) const;

private:
    Status prepare(Diagnostics& diagnostics);
    Status plan_one(StackRun& run, const std::function<Status()>& decide);
    Status put_in_order(Diagnostics& diagnostics);
    void check_selection(Diagnostics& diagnostics) const;
    Status read_other_stacks();
    [[nodiscard]] std::optional<Value> output_of(const std::string& stack, const std::string& output) const;
    Status note_references(StackRun& run);

    DeploymentInput input_;
    std::vector<std::unique_ptr<StateStore>> stores_;
    std::vector<std::unique_ptr<StackRun>> runs_;
    std::map<std::string, State, std::less<>> others_;  ///< states of stacks that are only referred to
};

}  // namespace strata
