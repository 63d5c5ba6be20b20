#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/render/progress_view.hpp"
#include "cli/signals.hpp"
#include "cli/verb_list.hpp"
#include "cli/watching.hpp"
#include "cli/workspace.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::chrono::seconds between_mentions{30};

Error nobody_works(const std::vector<std::string>& stacks, const std::string& environment) {
    return Error{.kind = ErrorKind::usage,
                 .summary = "Nothing to cancel",
                 .cause = fmt::format("Nobody works on {} in {}.", join(stacks, ", "), environment),
                 .remedy = {}};
}

/// One stack whose run is asked to stop, and waited for.
class Cancelling {
public:
    Cancelling(Command& command, Workspace& workspace, std::string stack)
        : command_{command}, workspace_{workspace}, stack_{std::move(stack)}, store_{workspace.store(stack_)} {}

    /// Empty result: nobody works on it.
    Result<bool> ask() {
        auto holder = holder_of(*store_, command_.around.clock);
        if (!holder) return std::move(holder).error();
        const auto& present = *holder;
        if (!present) return false;
        owner_ = *present;
        const auto self = workspace_.lock_request("cancel").owner;
        const auto asked = ask_to_stop(store_->objects(), store_->lock_name(),
                                       {.run = owner_.run,
                                        .by = fmt::format("{}@{}", self.user, self.host),
                                        .at = iso8601(command_.around.clock.now()),
                                        .now = command_.arguments.now});
        if (!asked) return asked.error();
        command_.report.note(fmt::format("{}: asked the run for {} to stop{}.", stack_, shown(owner_),
                                         command_.arguments.now ? " now" : " when what is in flight is finished"));
        return true;
    }

    /// Until the lock is given back; then says what became of the run.
    Status wait() {
        using SteadyClock = std::chrono::steady_clock;
        const auto began = SteadyClock::now();
        auto mentioned = began;
        while (true) {
            auto record = read_lock(store_->objects(), store_->lock_name());
            if (!record) return std::move(record).error();
            const auto& lock = *record;
            if (!lock || lock->owner.run != owner_.run || lock->state != LockRecord::State::held) return tell_result();
            if (!is_held(*lock, command_.around.clock.now())) return tell_that_it_is_gone(*lock);
            if (SteadyClock::now() - mentioned >= between_mentions) {
                mentioned = SteadyClock::now();
                command_.report.note(fmt::format("{}: still waiting for what is in flight, {}.", stack_,
                                                 duration_text(std::chrono::duration<double>(mentioned - began).count())));
            }
            if (!pause_between_looks(*store_, command_.around.interrupt)) return stopped_waiting();
        }
    }

private:
    /// The request stays: the run stops, whether somebody waits for it or not.
    [[nodiscard]] Error stopped_waiting() const {
        return Error{.kind = ErrorKind::interrupted,
                     .summary = "Interrupted",
                     .cause = fmt::format("The run on {} was asked to stop and does so; it is not waited for any longer.", stack_),
                     .remedy = fmt::format("To see how it ends:\n  strata attach {}", stack_)};
    }

    Status tell_result() {
        [[maybe_unused]] const auto removed = remove_own_request();
        auto session = workspace_.session(*store_, stack_);
        if (!session) return std::move(session).error();
        const auto state = (*session)->state();
        const auto* update = update_of(state, owner_.run);
        if (update == nullptr) command_.report.note(fmt::format("{}: the run has ended; it had changed nothing.", stack_));
        else
            command_.report.note(fmt::format("{}: the run has ended: update {} {}, after {}.", stack_, update->number,
                                             update->result.empty() ? "not ended" : update->result, duration_text(update->seconds)));
        return {};
    }

    Status tell_that_it_is_gone(const LockRecord& lock) {
        [[maybe_unused]] const auto removed = remove_own_request();
        command_.report.problem(run_is_gone(stack_, lock), Severity::warning);
        return {};
    }

    /// Of a run that ended before it looked.
    Status remove_own_request() {
        const auto read = read_stop_request(store_->objects(), store_->lock_name());
        if (!read) return read.error();
        const auto& left = *read;
        if (!left || left->run != owner_.run) return {};
        return remove_stop_request(store_->objects(), store_->lock_name());
    }

    Command& command_;
    Workspace& workspace_;
    std::string stack_;
    std::unique_ptr<StateStore> store_;
    LockOwner owner_;  ///< whose run is asked
};

/// Those on which nobody works are named when they were asked for by name.
Result<std::vector<std::unique_ptr<Cancelling>>> ask_all(Command& command, Workspace& workspace, const std::vector<std::string>& stacks) {
    std::vector<std::unique_ptr<Cancelling>> asked;
    std::vector<std::string> idle;
    for (const auto& stack : stacks) {
        auto one = std::make_unique<Cancelling>(command, workspace, stack);
        auto works = one->ask();
        if (!works) return std::move(works).error();
        if (*works) asked.push_back(std::move(one));
        else idle.push_back(stack);
    }
    if (asked.empty()) return nobody_works(stacks, workspace.environment());
    if (!idle.empty() && !command.arguments.all) command.report.note(fmt::format("Nobody works on {}.", join(idle, ", ")));
    return asked;
}

}  // namespace

void add_cancel_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK",
                     .help = "Stacks whose runs are meant; may be left out when the program has one",
                     .target = &into.stacks,
                     .completion = Completion::stack});
    flags.push_back({.name = "--all", .help = "Every stack that somebody works on", .target = &into.all});
    flags.push_back({.name = "--now", .help = "Do not wait for what is in flight: as a second Ctrl-C", .target = &into.now});
    flags.push_back({.name = "--no-wait", .help = "Ask, and do not wait until the run has ended", .target = &into.no_wait});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_cancel(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto known = (*workspace)->known_stacks();
    if (!known) return known.error();
    const auto stacks = (*workspace)->chosen_stacks(*known);
    if (!stacks) return stacks.error();
    std::optional<SignalWatch> signals;
    if (command.around.handle_signals) signals.emplace(command.around.interrupt, [] {});
    const auto asked = ask_all(command, **workspace, *stacks);
    if (!asked) return asked.error();
    if (command.arguments.no_wait) return ExitCode::ok;
    for (const auto& one : *asked)
        if (auto ended = one->wait(); !ended) return std::move(ended).error();
    return ExitCode::ok;
}

}  // namespace strata::cli
