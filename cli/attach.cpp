#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cli/operation.hpp"
#include "cli/signals.hpp"
#include "cli/update_listing.hpp"
#include "cli/verb_list.hpp"
#include "cli/watching.hpp"
#include "cli/workspace.hpp"
#include "engine/deploy/journal_events.hpp"

namespace strata::cli {

namespace {

/// Follows what one run does to one stack, by what it writes into the journal. Takes no lock and writes nothing.
class Following {
public:
    Following(Command& command, Workspace& workspace, std::string stack)
        : command_{command}, workspace_{workspace}, stack_{std::move(stack)}, store_{workspace.store(stack_)} {}

    Result<ExitCode> run() {
        auto record = read_lock(store_->objects(), store_->lock_name());
        if (!record) return std::move(record).error();
        const auto& present = *record;
        if (!present || present->state != LockRecord::State::held) return nobody_works();
        if (!is_held(*present, command_.around.clock.now())) return run_is_gone(stack_, *present);
        owner_ = present->owner;
        command_.report.note(fmt::format("{}: following the run for {}.", stack_, shown(owner_)));
        for (bool first = true;; first = false) {
            const auto lock = look_at_lock();
            if (!lock) return lock.error();
            // The journal is read after the lock: of a run that has ended it has everything.
            const auto begun = *lock == Lock::held && nothing_is_new() ? Result<bool>{false} : find_update();
            if (!begun) return begun.error();
            if (*begun) return follow();
            if (*lock != Lock::held) return ended_without_update(*lock);
            if (first) command_.report.note("It has not begun to change anything: it plans, or waits for an answer.");
            if (!pause_between_looks(*store_, command_.around.interrupt)) return detached();
        }
    }

private:
    enum class Lock : std::uint8_t { held, given_back, run_out, lost };

    Result<Lock> look_at_lock() {
        auto record = read_lock(store_->objects(), store_->lock_name());
        if (!record) return std::move(record).error();
        const auto& lock = *record;
        if (!lock || lock->state == LockRecord::State::released) return Lock::given_back;
        if (lock->owner.run != owner_.run || lock->state == LockRecord::State::removed) return Lock::lost;
        last_ = *lock;
        return is_held(*lock, command_.around.clock.now()) ? Lock::held : Lock::run_out;
    }

    /// A large state is not read again as long as nothing was written since.
    [[nodiscard]] bool nothing_is_new() const {
        if (!session_ || !session_->exists()) return false;
        const auto news = session_->journal(session_->state().serial);
        return news.ok() && news->empty();
    }

    /// Opens state as it is now, and looks for what the run has begun.
    Result<bool> find_update() {
        auto session = workspace_.session(*store_, stack_);
        if (!session) return std::move(session).error();
        session_ = std::move(*session);
        const auto state = session_->state();
        const auto* update = update_of(state, owner_.run);
        if (update == nullptr) return false;
        update_ = *update;
        return true;
    }

    Result<ExitCode> follow() {
        events_ = JournalEvents{state_before()};
        read_ = update_.before;
        while (true) {
            const auto lock = look_at_lock();
            if (!lock) return lock.error();
            auto segments = session_->journal(read_);
            if (!segments) return std::move(segments).error();
            for (const auto& segment : *segments) show(segment);
            if (events_.ended()) return ended();
            if (*lock != Lock::held || events_.taken_over()) return ended_unseen(*lock);
            if (!pause_between_looks(*store_, command_.around.interrupt)) return detached();
        }
    }

    /// Says which steps an earlier run had handed over; where it is kept no longer, those are not told.
    [[nodiscard]] State state_before() const {
        auto before = update_.before > 0 ? session_->state_at(update_.before) : Result<State>{State{.lineage = {}}};
        auto state = before.ok() ? std::move(*before) : State{.lineage = {}};
        state.stack = stack_;
        return state;
    }

    void show(const Journaled& segment) {
        read_ = segment.serial;
        const auto events = events_.take(segment, command_.around.clock.now());
        if (!begun_ && events_.steps() > 0) {
            Plan plan{.stack = stack_};
            plan.steps.resize(events_.steps());
            command_.report.steps_begin(plan);
            begun_ = true;
        }
        for (const auto& event : events) command_.report.event(event);
    }

    ExitCode ended() {
        const auto& outcome = events_.outcome();
        command_.report.steps_end(outcome, events_.seconds());
        report_failures(command_.report, outcome);
        const auto code = exit_code_of(std::array{outcome}, SIGINT);
        if (code != ExitCode::ok) return code;
        if (auto session = workspace_.session(*store_, stack_); session.ok()) command_.report.outputs(stack_, (*session)->state().outputs);
        return code;
    }

    /// The journal was folded away, or the run could not write the end of its update.
    Result<ExitCode> ended_unseen(Lock lock) {
        if (lock == Lock::run_out || events_.taken_over()) return run_is_gone(stack_, last_);
        const auto found = find_update();
        if (!found) return found.error();
        const bool unended = !*found || update_.result.empty();
        if (unended) return lock == Lock::lost ? run_is_gone(stack_, last_) : ended_without_end();
        command_.report.note(fmt::format("{}: the update has ended: {}.", stack_, update_.result));
        if (update_.result == "interrupted") return ExitCode::interrupted;
        return update_.result == "succeeded" ? ExitCode::ok : ExitCode::resources_failed;
    }

    [[nodiscard]] Error ended_without_end() const {
        return Error{.kind = ErrorKind::state_not_saved,
                     .summary = "The run could not save its state",
                     .cause = fmt::format("{}: the run for {} is over, but noted no end of its update.", stack_, shown(owner_)),
                     .remedy = fmt::format("Look at what that run says. The next one goes on from what is there.\n  strata up {}", stack_)};
    }

    Result<ExitCode> ended_without_update(Lock lock) {
        if (lock == Lock::run_out) return run_is_gone(stack_, last_);
        command_.report.note(fmt::format("{}: the run has ended; it had changed nothing.", stack_));
        return ExitCode::ok;
    }

    [[nodiscard]] Error detached() const {
        return Error{.kind = ErrorKind::interrupted,
                     .summary = "Detached",
                     .cause = fmt::format("The run on {} goes on.", stack_),
                     .remedy = fmt::format("To stop it:\n  strata cancel {}", stack_)};
    }

    Result<ExitCode> nobody_works() {
        command_.report.note(fmt::format("Nobody works on {} in {}.", stack_, workspace_.environment()));
        auto session = workspace_.session(*store_, stack_);
        if (!session) return std::move(session).error();
        const auto updates = (*session)->state().updates;
        if (updates.empty()) return ExitCode::ok;
        command_.report.note("The last update:");
        command_.report.listing(update_listing(stack_, std::array{updates.back()}, {}));
        return ExitCode::ok;
    }

    Command& command_;
    Workspace& workspace_;
    std::string stack_;
    std::unique_ptr<StateStore> store_;
    LockOwner owner_;
    LockRecord last_;
    std::unique_ptr<StateSession> session_;
    Update update_;
    JournalEvents events_{State{.lineage = {}}};
    std::uint64_t read_ = 0;  ///< serial
    bool begun_ = false;
};

Result<std::string> stack_to_follow(const Workspace& workspace, const std::vector<std::string>& named) {
    const auto known = workspace.known_stacks();
    if (!known) return known.error();
    if (named.empty()) return only_stack(*known);
    const auto stacks = workspace.chosen_stacks(*known);
    if (!stacks) return stacks.error();
    if (stacks->size() == 1) return stacks->front();
    return Error{.kind = ErrorKind::usage,
                 .summary = "Which stack?",
                 .cause = "Several were named, and one can be followed at a time.",
                 .remedy = "Name one; another one can be followed from another terminal."};
}

}  // namespace

void add_attach_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK",
                     .help = "The stack; may be left out when the program has one",
                     .target = &into.stacks,
                     .completion = Completion::stack});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_attach(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto stack = stack_to_follow(**workspace, command.arguments.stacks);
    if (!stack) return stack.error();
    std::optional<SignalWatch> signals;
    if (command.around.handle_signals) signals.emplace(command.around.interrupt, [] {});
    return Following{command, **workspace, *stack}.run();
}

}  // namespace strata::cli
