#pragma once

#include <mutex>

#include "engine/base/clock.hpp"

namespace strata::wire {

/// Time that a test moves by hand; begins on 2026-11-21 at noon.
class FakeClock final : public Clock {
public:
    WallTime now() override {
        const std::lock_guard lock{mutex_};
        return *parse_iso8601("2026-11-21T12:00:00Z") + passed_ + jump_;
    }
    std::chrono::steady_clock::time_point steady() override {
        const std::lock_guard lock{mutex_};
        return std::chrono::steady_clock::time_point{} + std::chrono::hours{1} + passed_;
    }
    void advance(Milliseconds span) {
        const std::lock_guard lock{mutex_};
        passed_ += span;
    }
    /// Sets the time of day wrong, or right again; durations do not notice.
    void jump(Milliseconds span) {
        const std::lock_guard lock{mutex_};
        jump_ += span;
    }

private:
    std::mutex mutex_;
    Milliseconds passed_{0};
    Milliseconds jump_{0};
};

}  // namespace strata::wire
