#include "engine/wire/retry.hpp"

#include <algorithm>
#include <cmath>

namespace strata::wire {

Milliseconds Backoff::delay(int retry, double random) const {
    // 2^30 × 1 ms is past any cap; a larger exponent would only overflow.
    const auto longest =
        std::min(static_cast<double>(cap.count()), static_cast<double>(base.count()) * std::exp2(std::clamp(retry, 0, 30)));
    return Milliseconds{static_cast<Milliseconds::rep>(longest * std::clamp(random, 0.0, 1.0))};
}

Milliseconds RetryBudget::spend(Time now) {
    refill(now);
    tokens_ -= rule_.cost;
    if (tokens_ >= 0) return Milliseconds{0};
    return Milliseconds{static_cast<Milliseconds::rep>(std::ceil(-tokens_ / rule_.refill_per_second * 1000))};
}

void RetryBudget::on_success() { tokens_ = std::min(rule_.capacity, tokens_ + rule_.success_gives); }

void RetryBudget::refill(Time now) {
    const std::chrono::duration<double> passed = now - refilled_;
    if (passed.count() <= 0) return;
    tokens_ = std::min(rule_.capacity, tokens_ + passed.count() * rule_.refill_per_second);
    refilled_ = now;
}

}  // namespace strata::wire
