#include <atomic>
#include <latch>

#include <gtest/gtest.h>

#include "engine/wire/failure.hpp"
#include "tests/providers/aws/client/fake_aws.hpp"
#include "tests/providers/aws/client/paced_http.hpp"

// How long a call that fails again and again lasts before its error is told, by a clock that does not wait.

namespace strata::aws {
namespace {

using namespace std::chrono_literals;

class Patience : public testing::Test {
protected:
    using Outcome = std::function<Result<wire::Response>(const wire::Request&, std::uint64_t attempt)>;

    struct Told {
        Result<Value> answer;
        std::uint64_t attempts;
        Milliseconds waited;
    };

    /// A read to a host that has answered before.
    Told read(const Outcome& outcome) {
        wire::FakeClock clock;
        std::uint64_t attempt = 0;
        PacedHttp http{clock, [&](const wire::Request& request) {
                           // The first is the call that makes the host known.
                           return attempt++ == 0 ? Result<wire::Response>{whole()} : outcome(request, attempt - 1);
                       }};
        const auto client = Client::create(options(), http, clock);
        EXPECT_TRUE(client->call_and_wait(call_of("ec2", "DescribeVpcs")));
        const auto begin = clock.steady();
        auto answer = client->call_and_wait(call_of("ec2", "DescribeVpcs"));
        return {std::move(answer), attempt - 1, std::chrono::duration_cast<Milliseconds>(clock.steady() - begin)};
    }

    static ClientOptions options() {
        return {.region = "ca-central-1",
                .endpoint = "http://aws.example",
                .environment = fixed_environment({{"AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "secret"}})};
    }
    static wire::Response whole() {
        return {.status = 200, .headers = {}, .body = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"};
    }
    static Error failed(wire::Failure what, bool sent, const wire::Request& request) {
        return wire::http_error({.what = what, .sent = sent}, request);
    }
};

TEST_F(Patience, WithAnswersThatBreakOffEndsWithinThirteenSeconds) {
    const auto told = read([](const wire::Request& request, std::uint64_t) { return failed(wire::Failure::truncated, true, request); });

    ASSERT_FALSE(told.answer);
    EXPECT_EQ(told.answer.error().summary, "Answer cut short");
    EXPECT_EQ(told.answer.error().cause, "POST http://aws.example/.\nGiven up after 9 attempts.");
    EXPECT_EQ(told.attempts, 9U);
    EXPECT_LE(told.waited, 13s);
}

TEST_F(Patience, WithAnswersThatBreakOffIsAsShortForHundredsOfCallsAtOnce) {
    wire::FakeClock clock;
    std::atomic<bool> whole_answers = true;
    PacedHttp http{clock, [&](const wire::Request& request) {
                       return whole_answers ? Result<wire::Response>{whole()} : failed(wire::Failure::truncated, true, request);
                   }};
    const auto client = Client::create(options(), http, clock);
    EXPECT_TRUE(client->call_and_wait(call_of("ec2", "DescribeVpcs")));
    whole_answers = false;
    const auto begin = clock.steady();
    std::atomic<int> failures = 0;
    std::latch done{300};
    const auto count = [&](const Result<Value>& answer) {
        failures += answer ? 0 : 1;
        done.count_down();
    };
    // On the loop's thread: the clock stands still until all are under way.
    http.after(Milliseconds{0}, [&] {
        for (int i = 0; i < 300; ++i) client->call(call_of("ec2", "DescribeVpcs"), count);
    });
    done.wait();

    EXPECT_EQ(failures, 300);
    EXPECT_LE(clock.steady() - begin, 15s);
}

TEST_F(Patience, OutlastsAFewAnswersThatBreakOff) {
    const auto told = read([](const wire::Request& request, std::uint64_t attempt) {
        return attempt < 9 ? Result<wire::Response>{failed(wire::Failure::truncated, true, request)} : Result<wire::Response>{whole()};
    });

    EXPECT_TRUE(told.answer) << told.answer.error().text();
    EXPECT_EQ(told.attempts, 9U);
}

TEST_F(Patience, WithSilenceEndsAfterThreeAttempts) {
    const auto told = read([](const wire::Request& request, std::uint64_t) { return failed(wire::Failure::timeout, true, request); });

    ASSERT_FALSE(told.answer);
    EXPECT_EQ(told.answer.error().summary, "No answer in time");
    EXPECT_EQ(told.attempts, 3U);
}

TEST_F(Patience, IsLongerWithAWayThatIsShutForAMoment) {
    const auto told = read([](const wire::Request& request, std::uint64_t) { return failed(wire::Failure::connect, false, request); });

    ASSERT_FALSE(told.answer);
    EXPECT_EQ(told.attempts, 13U);
    EXPECT_LE(told.waited, 86s);
}

TEST_F(Patience, WithThrottlingLastsAsLongAsTheCallMay) {
    const auto told = read([](const wire::Request&, std::uint64_t) {
        return wire::Response{
            .status = 503, .headers = {}, .body = "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>"};
    });

    ASSERT_FALSE(told.answer);
    EXPECT_GT(told.attempts, 20U);
    EXPECT_GT(told.waited, 14min);
}

}  // namespace
}  // namespace strata::aws
