#include "providers/aws/state/parallel_calls.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace strata::aws {

namespace {

class ParallelCalls {
public:
    ParallelCalls(Client& client, std::size_t count, std::size_t at_once) : client_{client}, at_once_{at_once}, answers_(count, Value{}) {}

    void make(std::size_t index, Call call) {
        wait_until_fewer_than(at_once_, 1);
        client_.call(std::move(call), [this, index](Result<Value> answer) { take(index, std::move(answer)); });
    }

    std::vector<Result<Value>> finish() {
        wait_until_fewer_than(1, 0);
        return std::move(answers_);
    }

private:
    void wait_until_fewer_than(std::size_t limit, std::size_t begun) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return under_way_ < limit; });
        under_way_ += begun;
    }

    void take(std::size_t index, Result<Value> answer) {
        const std::lock_guard lock{mutex_};
        answers_[index] = std::move(answer);
        --under_way_;
        changed_.notify_one();  // under the lock: this object may go as soon as it is released
    }

    Client& client_;
    const std::size_t at_once_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t under_way_ = 0;           // guarded by mutex_
    std::vector<Result<Value>> answers_;  // guarded by mutex_
};

}  // namespace

std::vector<Result<Value>> call_in_parallel(Client& client, std::vector<Call> calls, std::size_t at_once) {
    ParallelCalls under_way{client, calls.size(), at_once};
    for (std::size_t i = 0; i < calls.size(); ++i) under_way.make(i, std::move(calls[i]));
    return under_way.finish();
}

}  // namespace strata::aws
