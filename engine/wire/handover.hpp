#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace strata::wire {

/// One value that another thread hands over. Lives on the waiting thread's stack: std::promise may still
/// touch its shared state when the waiter has already left, this does not.
template <typename T>
class Handover {
public:
    void give(T value) {
        const std::lock_guard lock{mutex_};
        value_.emplace(std::move(value));
        given_.notify_one();  // under the lock: the waiter may destroy this object as soon as it is released
    }

    T wait() {
        std::unique_lock lock{mutex_};
        while (!value_) given_.wait(lock);
        return *std::move(value_);
    }

private:
    std::mutex mutex_;
    std::condition_variable given_;
    std::optional<T> value_;
};

}  // namespace strata::wire
