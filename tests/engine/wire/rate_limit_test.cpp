#include "engine/wire/rate_limit.hpp"

#include <gtest/gtest.h>

namespace strata::wire {
namespace {

using namespace std::chrono_literals;
using Time = AdaptiveRate::Time;

/// Sends whenever the bucket lets it, for `span`; every `throttled`-th answer is a throttle. Returns how many were sent.
int sent_during(AdaptiveRate& rate, Time& now, std::chrono::milliseconds span, int throttled = 0) {
    const auto end = now + span;
    int sent = 0;
    while (now < end) {
        const auto wait = rate.take(now);
        if (wait > 0ms) {
            now += wait;
            continue;
        }
        ++sent;
        if (throttled > 0 && sent % throttled == 0) rate.on_throttle(now);
        else rate.on_success(now);
        now += 1ms;
    }
    return sent;
}

TEST(AdaptiveRate, SendsAPublishedBucketAtOnceAndThenAtItsRate) {
    AdaptiveRate rate{Rate{.capacity = 4, .per_second = 0.5}, Time{}};

    for (int i = 0; i < 4; ++i) EXPECT_EQ(rate.take(Time{}), 0ms);
    EXPECT_EQ(rate.take(Time{}), 2000ms);
    EXPECT_EQ(rate.take(Time{} + 1s), 1000ms);
    EXPECT_EQ(rate.take(Time{} + 2s), 0ms);
}

TEST(AdaptiveRate, DoesNotLimitWhereNothingIsPublished) {
    AdaptiveRate rate{std::nullopt, Time{}};

    for (int i = 0; i < 100'000; ++i) ASSERT_EQ(rate.take(Time{}), 0ms);
    EXPECT_EQ(rate.per_second(), std::nullopt);
}

TEST(AdaptiveRate, LearnsFromTheFirstThrottleWhatWasTooFast) {
    AdaptiveRate rate{std::nullopt, Time{}};
    auto now = Time{};
    for (int i = 0; i < 100; ++i) rate.take(now += 5ms);

    rate.on_throttle(now);

    ASSERT_TRUE(rate.per_second());
    EXPECT_NEAR(*rate.per_second(), 70, 0.001);
    EXPECT_GT(rate.take(now), 0ms);
}

TEST(AdaptiveRate, CountsABurstOfThrottlesOnce) {
    AdaptiveRate rate{Rate{.capacity = 100, .per_second = 20}, Time{}};

    for (int i = 0; i < 50; ++i) rate.on_throttle(Time{} + 10s + i * 1ms);

    EXPECT_NEAR(*rate.per_second(), 14, 0.001);
    rate.on_throttle(Time{} + 12s);
    EXPECT_NEAR(*rate.per_second(), 9.8, 0.001);
}

TEST(AdaptiveRate, IsLoweredByTheShareThatIsThrottled) {
    AdaptiveRate rate{Rate{.capacity = 100, .per_second = 20}, Time{}};

    for (int i = 0; i < 9; ++i) rate.on_success(Time{} + 10s);
    rate.on_throttle(Time{} + 10s);

    EXPECT_NEAR(*rate.per_second(), 20 * (1 - 0.3 / 10), 0.001);
}

TEST(AdaptiveRate, KeepsAboutHalfItsRateWhereAThirdIsThrottledWhateverIsSent) {
    AdaptiveRate rate{Rate{.capacity = 20, .per_second = 20}, Time{}};
    auto now = Time{};

    const auto sent = sent_during(rate, now, 120s, 3);

    EXPECT_GT(sent, 120 * 8);
    EXPECT_LT(sent, 120 * 20);
}

TEST(AdaptiveRate, ComesBackToThePublishedRateAndNoFurther) {
    AdaptiveRate rate{Rate{.capacity = 100, .per_second = 20}, Time{}};
    auto now = Time{} + 1s;
    rate.on_throttle(now);

    sent_during(rate, now, 10s);

    EXPECT_NEAR(*rate.per_second(), 20, 0.001);
}

TEST(AdaptiveRate, GrowsPastALearnedRate) {
    AdaptiveRate rate{std::nullopt, Time{}};
    auto now = Time{};
    for (int i = 0; i < 10; ++i) rate.take(now += 10ms);
    rate.on_throttle(now);

    sent_during(rate, now, 60s);

    EXPECT_GT(*rate.per_second(), 20);
}

TEST(AdaptiveRate, StillAsksNowAndThenWhenEverythingIsThrottled) {
    AdaptiveRate rate{Rate{.capacity = 100, .per_second = 20}, Time{}};
    auto now = Time{};

    const auto first = sent_during(rate, now, 60s, 1);
    const auto later = sent_during(rate, now, 240s, 1);
    const auto after = sent_during(rate, now, 60s);

    EXPECT_LT(first, 200);
    EXPECT_GT(later, 60);
    EXPECT_LT(later, 200);
    EXPECT_GT(after, 500);
}

TEST(AdaptiveRate, SurvivesAClockThatStandsStillOrGoesBack) {
    AdaptiveRate rate{Rate{.capacity = 1, .per_second = 1}, Time{} + 1h};

    EXPECT_EQ(rate.take(Time{}), 0ms);
    rate.on_success(Time{});
    rate.on_throttle(Time{});
    EXPECT_GT(rate.take(Time{}), 0ms);
}

}  // namespace
}  // namespace strata::wire
