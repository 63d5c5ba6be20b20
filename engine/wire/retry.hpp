#pragma once

#include <chrono>

#include "engine/base/clock.hpp"

namespace strata::wire {

/// How long to wait before the next attempt: "full jitter" (AWS architecture blog, "Exponential backoff
/// and jitter"): anywhere between nothing and base × 2^retry, at most `cap`.
struct Backoff {
    Milliseconds base{50};
    Milliseconds cap{20'000};

    /// @param retry  0 before the second attempt, 1 before the third ...
    /// @param random between 0 and 1
    [[nodiscard]] Milliseconds delay(int retry, double random) const;
};

/// What retries may cost a service that is in trouble. A full budget lets a short trouble pass unnoticed;
/// once it is used up, retries go on at the rate at which it refills instead of failing: a plan of
/// hundreds of calls would else end for a hiccup (hashicorp/terraform-provider-awscc#3295).
class RetryBudget {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Rule {
        double capacity = 500;           ///< botocore's standard mode
        double cost = 5;                 ///< of one retry
        double success_gives = 1;        ///< back, for a call that needed no retry
        double refill_per_second = 2.5;  ///< so one retry each two seconds when nothing succeeds at all
    };

    RetryBudget(Rule rule, Time now) : rule_{rule}, tokens_{rule.capacity}, refilled_{now} {}

    /// Pays for one retry. @return how long it has to wait until it is paid for; zero as long as the budget lasts
    Milliseconds spend(Time now);
    void on_success();
    [[nodiscard]] double left() const { return tokens_; }

private:
    void refill(Time now);

    Rule rule_;
    double tokens_;
    Time refilled_;
};

}  // namespace strata::wire
