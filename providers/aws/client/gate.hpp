#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/wire/http.hpp"
#include "engine/wire/rate_limit.hpp"
#include "engine/wire/retry.hpp"

namespace strata::aws {

/// Where the calls of one API group, account and region line up until they may be sent. Thread-safe.
class Gate : public std::enable_shared_from_this<Gate> {
public:
    Gate(std::optional<wire::Rate> published, wire::Http& http, Clock& clock)
        : http_{http}, clock_{clock}, rate_{published, clock.steady()}, budget_{{}, clock.steady()} {}

    using Time = std::chrono::steady_clock::time_point;

    /// Runs `go` now, or in its turn on the loop's thread; when `deadline` has passed, or the loop was stopped,
    /// out of its turn. First come, first served.
    void enter(std::function<void()> go, Time deadline);
    /// @param first_attempt  it needed no retry, so it gives something back to the budget
    void on_success(bool first_attempt);
    void on_throttle();
    /// Pays for a retry. @return the least time it has to wait
    Milliseconds pay_for_retry();

private:
    struct Entry {
        std::function<void()> go;
        Time deadline;
    };

    std::function<void()> next_or_timer();
    std::function<void()> take_first();

    wire::Http& http_;
    Clock& clock_;
    std::mutex mutex_;
    wire::AdaptiveRate rate_;  // guarded by mutex_, as all below
    wire::RetryBudget budget_;
    std::deque<Entry> waiting_;
    bool timer_set_ = false;
};

/// All gates of a client, by (access key, region, API group). Thread-safe.
class Gates {
public:
    Gates(wire::Http& http, Clock& clock) : http_{http}, clock_{clock} {}
    /// The gate, made at its first use. Shared, because a timer on the loop may outlive the client.
    std::shared_ptr<Gate> gate(const std::string& name, std::optional<wire::Rate> published);

private:
    wire::Http& http_;
    Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Gate>, std::less<>> gates_;  // guarded by mutex_
};

}  // namespace strata::aws
