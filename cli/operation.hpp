#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/signals.hpp"
#include "cli/workspace.hpp"
#include "engine/base/key_ring.hpp"
#include "engine/deploy/deployment.hpp"

namespace strata::cli {

/// Tells each failure of a stack's steps, and what kept state from being written.
void report_failures(Reporter& report, const StackOutcome& outcome);

/// What every verb that looks at live resources has in common: environment, program, providers and the deployment, with
/// signals going to the right place meanwhile.
class Operation {
public:
    struct Wants {
        std::string_view purpose;  ///< "up": what the lock says
        bool lock = false;         ///< changes may be made
        bool destroy = false;
        std::vector<std::string> stacks =
            {};  ///< empty: those that the command line names; to destroy also such as the program no longer has
        std::vector<std::pair<std::string, std::string>> imports = {};  ///< address -> physical id to take over
        std::function<void(Stack&)> instead = {};  ///< declares the (one) stack in the place of the program; empty: the program
    };

    static Result<std::unique_ptr<Operation>> begin(Command& command, const Wants& wants);
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;
    ~Operation();

    /// Plans every stack. Mistakes are reported, the last is returned.
    Status plan();
    /// Plans every stack to take into state what there is in the account of the program and state does not know.
    Result<std::vector<Rediscovery>> plan_rediscovery();
    /// Loads state and looks at what is live.
    Status read();
    [[nodiscard]] std::span<const std::unique_ptr<StackRun>> runs() const { return deployment_->runs(); }
    [[nodiscard]] std::vector<const Plan*> plans() const;

    /// Carries every plan out; reports progress, failures and what became of each stack, notes it in the history, and
    /// writes a recovery file when state could not be saved.
    ExitCode carry_out();

    [[nodiscard]] Workspace& workspace() { return *workspace_; }
    /// Id of this run, as its locks and updates carry it.
    [[nodiscard]] const std::string& run() const { return workspace_->run(); }

private:
    Operation(Command& command, std::unique_ptr<Workspace> workspace) : command_{command}, workspace_{std::move(workspace)} {}

    Status prepare(const Wants& wants);
    DeploymentInput input(const Wants& wants, std::vector<StackProgram> programs, std::vector<std::string> stacks, const KeyRing& keys);
    std::optional<LockRequest> lock_request(const Wants& wants);
    Status settle_emulator();
    Status finished(Status status, const Diagnostics& found);
    void interrupted();
    void asked_to_stop(const StopRequest& request);
    std::string stopped_by();
    void on_event(const Event& event);
    void enter(const std::string& stack);
    void leave(const StackOutcome& outcome);
    void write_recovery_file(const StackOutcome& outcome);

    Command& command_;
    std::unique_ptr<Workspace> workspace_;
    std::vector<ProviderKind> kinds_;
    std::unique_ptr<ProviderSet> providers_;
    std::atomic<bool> changing_ = false;  ///< steps are carried out: the first signal lets them finish
    std::atomic<bool> said_draining_ = false;
    std::mutex asking_;       ///< each stack's lock is looked after by a thread of its own
    std::string stopped_by_;  ///< who asked by `strata cancel`; "" when nobody did
    std::optional<SignalWatch> signals_;
    std::unique_ptr<Deployment> deployment_;
    std::chrono::steady_clock::time_point began_;  ///< steps of the present stack
};

}  // namespace strata::cli
