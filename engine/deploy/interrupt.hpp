#pragma once

#include <atomic>

namespace strata {

/// How often somebody asked the run to stop: once = finish what is in flight, twice = stop now.
/// Written by a signal handler, so nothing but a lock-free counter.
class Interrupt {
public:
    void ask(int signal) {
        signal_.store(signal, std::memory_order_relaxed);
        count_.fetch_add(1, std::memory_order_relaxed);
    }
    [[nodiscard]] int count() const { return count_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool draining() const { return count() >= 1; }
    [[nodiscard]] bool stopped() const { return count() >= 2; }
    /// SIGINT or SIGTERM; 0 when nobody asked.
    [[nodiscard]] int signal() const { return signal_.load(std::memory_order_relaxed); }

private:
    std::atomic<int> count_{0};
    std::atomic<int> signal_{0};
    static_assert(std::atomic<int>::is_always_lock_free);
};

}  // namespace strata
