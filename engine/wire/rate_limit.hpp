#pragma once

#include <chrono>
#include <optional>

#include "engine/base/clock.hpp"

namespace strata::wire {

/// A published limit: a bucket of `capacity` requests that refills by `per_second`.
struct Rate {
    double capacity = 1;
    double per_second = 1;
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// A token bucket that finds its own rate. It starts from the published limit, or without one where none
/// is known, until the service first throttles; then additive increase while answers come, multiplicative
/// decrease at a throttle. Time is handed in. Not thread-safe.
class AdaptiveRate {
public:
    using Time = std::chrono::steady_clock::time_point;

    AdaptiveRate(std::optional<Rate> published, Time now);

    /// Takes a token when there is one. @return zero when it was taken, else how long to wait before asking again
    Milliseconds take(Time now);
    void on_success(Time now);
    /// Lowers the rate by as much as the share of throttled answers since the last time asks for. One burst counts once:
    /// further throttles within a second of a decrease change nothing.
    void on_throttle(Time now);
    /// Requests a second; empty while no limit is in force.
    [[nodiscard]] std::optional<double> per_second() const;

private:
    void refill(Time now);
    [[nodiscard]] double measured(Time now) const;

    bool published_;
    bool limited_;
    double capacity_;
    double rate_;
    double ceiling_;  ///< the published rate, or what was sent when the first throttle came
    double tokens_;
    Time refilled_;
    Time raised_;
    std::optional<Time> lowered_ = {};
    double answered_ = 0;   ///< since the rate was last lowered
    double throttled_ = 0;  ///< of these

    // What was sent in the window that runs and in the one before, for the rate where none is published.
    Time window_;
    double sent_ = 0;
    double sent_before_ = 0;
};

}  // namespace strata::wire
