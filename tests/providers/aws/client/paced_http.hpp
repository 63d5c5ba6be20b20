#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/wire/http.hpp"
#include "tests/engine/wire/fake_clock.hpp"

namespace strata::aws {

/// A loop without a network on a clock that does not wait: what is due next runs at once, and the clock is set to its time. Every
/// request is answered as the test says.
class PacedHttp final : public wire::Http {
public:
    using Answer = std::function<Result<wire::Response>(const wire::Request&)>;

    PacedHttp(wire::FakeClock& clock, Answer answer) : clock_{clock}, answer_{std::move(answer)}, loop_{[this] { run(); }} {}
    ~PacedHttp() override {
        stop();
        loop_.join();
    }

    void send(wire::Request request, Done done) override {
        after(Milliseconds{0}, [this, request = std::move(request), done = std::move(done)] {
            ++counters_.requests;
            done(answer_(request));
        });
    }
    void after(Milliseconds delay, std::function<void()> task) override {
        const std::lock_guard lock{mutex_};
        tasks_.emplace(clock_.steady() + delay, std::move(task));
        changed_.notify_one();
    }
    void stop() override {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        changed_.notify_one();
    }
    [[nodiscard]] bool on_loop_thread() const override { return std::this_thread::get_id() == loop_.get_id(); }
    [[nodiscard]] Counters counters() const override { return counters_; }

private:
    void run() {
        std::unique_lock lock{mutex_};
        while (true) {
            changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
            if (tasks_.empty()) return;
            auto next = tasks_.extract(tasks_.begin());
            if (next.key() > clock_.steady()) clock_.advance(std::chrono::ceil<Milliseconds>(next.key() - clock_.steady()));
            lock.unlock();
            next.mapped()();
            lock.lock();
        }
    }

    wire::FakeClock& clock_;
    Answer answer_;
    Counters counters_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> tasks_;  ///< by when they are due; guarded by mutex_
    bool stopping_ = false;                                                              ///< guarded by mutex_
    std::thread loop_;
};

}  // namespace strata::aws
