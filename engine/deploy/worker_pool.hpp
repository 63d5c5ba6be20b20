#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace strata {

/// Threads that run tasks in the order in which they were handed in. Threads are started as they are needed, up to
/// `size`; the destructor waits for what is running.
class WorkerPool {
public:
    explicit WorkerPool(std::size_t size) : size_{size} {}
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool();

    void run(std::function<void()> task);

private:
    void work();

    std::size_t size_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    bool ending_ = false;
};

/// Values handed from many threads to one that waits for them.
template <typename T>
class Mailbox {
public:
    void put(T value) {
        {
            const std::scoped_lock hold{mutex_};
            values_.push_back(std::move(value));
        }
        wake_.notify_one();
    }

    /// Waits for the next value.
    T take() {
        std::unique_lock hold{mutex_};
        wake_.wait(hold, [this] { return !values_.empty(); });
        T value = std::move(values_.front());
        values_.pop_front();
        return value;
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<T> values_;
};

}  // namespace strata
