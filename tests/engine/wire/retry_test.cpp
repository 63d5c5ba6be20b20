#include "engine/wire/retry.hpp"

#include <gtest/gtest.h>

namespace strata::wire {
namespace {

using namespace std::chrono_literals;
using Time = RetryBudget::Time;

TEST(Backoff, IsAnywhereBetweenNothingAndTwiceAsMuchEachTime) {
    const Backoff backoff{.base = 50ms, .cap = 20s};

    EXPECT_EQ(backoff.delay(0, 0.0), 0ms);
    EXPECT_EQ(backoff.delay(0, 1.0), 50ms);
    EXPECT_EQ(backoff.delay(1, 1.0), 100ms);
    EXPECT_EQ(backoff.delay(3, 0.5), 200ms);
}

TEST(Backoff, NeverPassesItsCap) {
    const Backoff backoff{.base = 50ms, .cap = 20s};

    for (const int retry : {9, 10, 31, 64, 1'000'000}) EXPECT_EQ(backoff.delay(retry, 1.0), 20s) << retry;
    EXPECT_EQ(backoff.delay(-5, 1.0), 50ms);
    EXPECT_EQ(backoff.delay(3, 7.0), 400ms);
}

TEST(RetryBudget, CostsNothingUntilItIsUsedUp) {
    RetryBudget budget{{.capacity = 10, .cost = 5, .success_gives = 1, .refill_per_second = 1}, Time{}};

    EXPECT_EQ(budget.spend(Time{}), 0ms);
    EXPECT_EQ(budget.spend(Time{}), 0ms);
    EXPECT_EQ(budget.spend(Time{}), 5s);
    EXPECT_EQ(budget.spend(Time{}), 10s);
}

TEST(RetryBudget, RefillsByTimeAndBySuccess) {
    RetryBudget budget{{.capacity = 10, .cost = 5, .success_gives = 1, .refill_per_second = 1}, Time{}};
    for (int i = 0; i < 4; ++i) budget.spend(Time{});

    for (int i = 0; i < 5; ++i) budget.on_success();

    EXPECT_EQ(budget.left(), -5);
    EXPECT_EQ(budget.spend(Time{} + 10s), 0ms);
    for (int i = 0; i < 100; ++i) budget.on_success();
    EXPECT_EQ(budget.left(), 10);
}

}  // namespace
}  // namespace strata::wire
