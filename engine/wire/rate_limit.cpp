#include "engine/wire/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace strata::wire {

namespace {

using Seconds = std::chrono::duration<double>;

// Where all answers are throttles, botocore's adaptive mode lowers by the same share. Where few are, the service takes most
// of what is sent, and a full decrease each second would starve the caller (DCTCP, RFC 8257 section 3.3, lowers likewise).
constexpr double largest_decrease = 0.3;
constexpr double increase_share = 0.05;  // of the ceiling, each second: back to full speed within seconds of a single throttle
constexpr double lowest_share = 0.02;    // of the ceiling: a service that refuses everything is still asked now and then
constexpr double lowest_rate = 0.2;
// A first throttle at a handful of calls says that somebody else uses the account, not that it takes so few.
constexpr double least_learned = 5;
constexpr Seconds decrease_pause{1.0};
constexpr Seconds window{1.0};

}  // namespace

AdaptiveRate::AdaptiveRate(std::optional<Rate> published, Time now)
    : published_{published.has_value()},
      limited_{published_},
      capacity_{published ? published->capacity : 0},
      rate_{published ? published->per_second : 0},
      ceiling_{rate_},
      tokens_{capacity_},
      refilled_{now},
      raised_{now},
      window_{now} {}

Milliseconds AdaptiveRate::take(Time now) {
    if (now - window_ >= window) {
        sent_before_ = now - window_ >= 2 * window ? 0 : sent_;
        sent_ = 0;
        window_ = now;
    }
    if (limited_) {
        refill(now);
        if (tokens_ < 1) return Milliseconds{static_cast<Milliseconds::rep>(std::ceil((1 - tokens_) / rate_ * 1000))};
        tokens_ -= 1;
    }
    sent_ += 1;
    return Milliseconds{0};
}

void AdaptiveRate::on_success(Time now) {
    ++answered_;
    if (!limited_) return;
    refill(now);
    const auto passed = std::min(Seconds{now - raised_}, Seconds{1.0});
    raised_ = std::max(raised_, now);
    if (passed.count() <= 0) return;
    rate_ += ceiling_ * increase_share * passed.count();
    // A published rate is never passed; a learned one is a guess, and may grow until the next throttle.
    if (published_) rate_ = std::min(ceiling_, rate_);
    else ceiling_ = std::max(ceiling_, rate_);
}

void AdaptiveRate::on_throttle(Time now) {
    ++answered_;
    ++throttled_;
    if (!limited_) {
        limited_ = true;
        ceiling_ = rate_ = std::max(least_learned, measured(now));
        capacity_ = std::max(1.0, rate_);
        refilled_ = now;
    }
    if (lowered_ && now - *lowered_ < decrease_pause) return;
    refill(now);
    rate_ = std::max({lowest_rate, ceiling_ * lowest_share, rate_ * (1 - largest_decrease * throttled_ / answered_)});
    tokens_ = 0;
    lowered_ = raised_ = now;
    answered_ = throttled_ = 0;
}

std::optional<double> AdaptiveRate::per_second() const {
    if (!limited_) return std::nullopt;
    return rate_;
}

void AdaptiveRate::refill(Time now) {
    const Seconds passed = now - refilled_;
    if (passed.count() <= 0) return;
    tokens_ = std::min(std::max(1.0, capacity_), tokens_ + passed.count() * rate_);
    refilled_ = now;
}

double AdaptiveRate::measured(Time now) const {
    // A burst shorter than a second counts as if it were the rate of a whole one.
    const bool stale = now - window_ >= 2 * window;
    return stale ? 0 : std::max(sent_, sent_before_);
}

}  // namespace strata::wire
