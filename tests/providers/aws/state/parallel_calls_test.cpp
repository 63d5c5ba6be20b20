#include "providers/aws/state/parallel_calls.hpp"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

namespace strata::aws {
namespace {

/// Answers each call with its parameters, the later ones first, and counts how many wait at once.
class SlowClient final : public Client {
public:
    ~SlowClient() override {
        for (auto& thread : threads_) thread.join();
    }

    void call(Call call, Done done) override {
        const auto number = call.params.integer_or(0);
        if (number < 0) return done(Error{.kind = ErrorKind::usage, .summary = "refused at once", .cause = {}, .remedy = {}});
        most_ = std::max(most_.load(), ++under_way_);
        threads_.emplace_back([this, number, done = std::move(done)] {
            std::this_thread::sleep_for(Milliseconds{20 - number % 20});
            --under_way_;
            done(Value{number});
        });
    }
    void call_all_pages(Call call, Done done) override { this->call(std::move(call), std::move(done)); }
    Result<wire::Request> prepare(const Call&) override { return wire::Request{}; }
    Result<std::string> presign(const Call&, std::chrono::seconds) override { return std::string{}; }
    Result<Identity> identity() override { return Identity{}; }
    [[nodiscard]] Counters counters() const override { return {}; }
    [[nodiscard]] const ClientOptions& options() const override { return options_; }
    KnownSecrets& secrets() override { return secrets_; }
    [[nodiscard]] int most() const { return most_; }

private:
    ClientOptions options_;
    KnownSecrets secrets_;
    std::atomic<int> under_way_ = 0;
    std::atomic<int> most_ = 0;
    std::vector<std::thread> threads_;
};

TEST(CallInParallel, AnswersInOrderWithALimitedNumberUnderWay) {
    SlowClient client;
    std::vector<Call> calls;
    for (int i = 0; i < 60; ++i) calls.push_back({.params = i % 10 == 3 ? -1 : i});

    const auto answers = call_in_parallel(client, std::move(calls), 7);

    ASSERT_EQ(answers.size(), 60U);
    for (int i = 0; i < 60; ++i) {
        const auto& answer = answers[static_cast<std::size_t>(i)];
        EXPECT_EQ(answer.ok(), i % 10 != 3);
        if (answer) EXPECT_EQ(answer->integer_or(-2), i);
    }
    EXPECT_LE(client.most(), 7);
    EXPECT_GE(client.most(), 5);
}

TEST(CallInParallel, ReturnsAtOnceWhenThereIsNothingToDo) {
    SlowClient client;
    EXPECT_TRUE(call_in_parallel(client, {}, 7).empty());
}

}  // namespace
}  // namespace strata::aws
