#include "cli/watching.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace strata::cli {

namespace {

constexpr Milliseconds between_looks{500};
constexpr Milliseconds between_paid_looks{5'000};
constexpr Milliseconds to_notice_an_interrupt{50};

}  // namespace

Result<std::optional<LockOwner>> holder_of(StateStore& store, Clock& clock) {
    const auto record = read_lock(store.objects(), store.lock_name());
    if (!record) return record.error();
    const auto& held = *record;
    return held && is_held(*held, clock.now()) ? std::optional{held->owner} : std::nullopt;
}

bool pause_between_looks(StateStore& store, const Interrupt& interrupt) {
    using SteadyClock = std::chrono::steady_clock;
    const auto until = SteadyClock::now() + (store.objects().wants_probe() ? between_paid_looks : between_looks);
    while (!interrupt.draining() && SteadyClock::now() < until)
        std::this_thread::sleep_for(std::min<SteadyClock::duration>(to_notice_an_interrupt, until - SteadyClock::now()));
    return !interrupt.draining();
}

const Update* update_of(const State& state, std::string_view run) {
    const auto at = std::ranges::find(state.updates.rbegin(), state.updates.rend(), run, &Update::run);
    return at != state.updates.rend() ? &*at : nullptr;
}

Error run_is_gone(const std::string& stack, const LockRecord& record) {
    return Error{
        .kind = ErrorKind::outcome_unknown,
        .summary = "The run is gone",
        .cause = fmt::format("{}: the run for {} was killed or cut off: its lease ran out (it was good until {}) and was not given "
                             "back.",
                             stack, shown(record.owner), record.until),
        .remedy = fmt::format("The next run finds out what became of what was in flight.\n  strata {} {}",
                              record.owner.purpose == "destroy" ? "destroy" : "up", stack)};
}

}  // namespace strata::cli
