#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace strata::aws {

/// One thread, begun at the first task, that runs tasks in the order given. The destructor runs what is
/// left and waits for it.
class Worker {
public:
    Worker() = default;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();

    void run(std::function<void()> task);

private:
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;  // guarded by mutex_, as all below
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace strata::aws
