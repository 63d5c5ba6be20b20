#include "engine/deploy/worker_pool.hpp"

namespace strata {

WorkerPool::~WorkerPool() {
    {
        const std::scoped_lock hold{mutex_};
        ending_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void WorkerPool::run(std::function<void()> task) {
    {
        const std::scoped_lock hold{mutex_};
        tasks_.push_back(std::move(task));
        if (idle_ < tasks_.size() && threads_.size() < size_) threads_.emplace_back([this] { work(); });
    }
    wake_.notify_one();
}

void WorkerPool::work() {
    std::unique_lock hold{mutex_};
    while (true) {
        ++idle_;
        wake_.wait(hold, [this] { return ending_ || !tasks_.empty(); });
        --idle_;
        if (tasks_.empty()) return;
        const auto task = std::move(tasks_.front());
        tasks_.pop_front();
        hold.unlock();
        task();
        hold.lock();
    }
}

}  // namespace strata
