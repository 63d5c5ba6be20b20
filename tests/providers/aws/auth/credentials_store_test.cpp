#include "providers/aws/auth/credentials_store.hpp"

#include <atomic>
#include <condition_variable>

#include <gtest/gtest.h>

#include "engine/wire/handover.hpp"
#include "tests/engine/wire/fake_clock.hpp"

namespace strata::aws {
namespace {

using namespace std::chrono_literals;

Result<std::string> key_of(CredentialsStore& store) {
    wire::Handover<Result<SharedCredentials>> found;
    store.get([&](Result<SharedCredentials> result) { found.give(std::move(result)); });
    auto result = found.wait();
    if (!result) return std::move(result).error();
    return (*result)->access_key();
}

/// Hands out K1, K2 ... each valid for an hour.
struct Source {
    wire::FakeClock& clock;
    std::atomic<int> searches = 0;
    Result<Credentials> operator()() {
        const int number = ++searches;
        return Credentials{"K" + std::to_string(number), "s", "t", clock.now() + 1h};
    }
};

TEST(CredentialsStore, SearchesOnceAndKeepsWhatItFound) {
    wire::FakeClock clock;
    Source source{clock};
    CredentialsStore store{[&] { return source(); }, clock};

    EXPECT_EQ(*key_of(store), "K1");
    EXPECT_EQ(*key_of(store), "K1");
    EXPECT_EQ(source.searches, 1);
}

TEST(CredentialsStore, RefreshesInTheBackgroundFromFiveMinutesBefore) {
    wire::FakeClock clock;
    Source source{clock};
    CredentialsStore store{[&] { return source(); }, clock};
    ASSERT_EQ(*key_of(store), "K1");

    clock.advance(54min);
    EXPECT_EQ(*key_of(store), "K1");
    EXPECT_EQ(source.searches, 1);
    clock.advance(2min);
    EXPECT_EQ(*key_of(store), "K1");
    while (*key_of(store) == "K1") std::this_thread::yield();

    EXPECT_EQ(*key_of(store), "K2");
    EXPECT_EQ(source.searches, 2);
}

TEST(CredentialsStore, WhoeverAsksAfterTheyExpiredWaitsForNewOnes) {
    wire::FakeClock clock;
    Source source{clock};
    CredentialsStore store{[&] { return source(); }, clock};
    ASSERT_EQ(*key_of(store), "K1");

    clock.advance(61min);

    EXPECT_EQ(*key_of(store), "K2");
}

TEST(CredentialsStore, DoesNotHandOutRefusedOnesAgain) {
    wire::FakeClock clock;
    Source source{clock};
    CredentialsStore store{[&] { return source(); }, clock};
    SharedCredentials first;
    wire::Handover<bool> done;
    store.get([&](Result<SharedCredentials> result) {
        first = *result;
        done.give(true);
    });
    done.wait();

    store.refuse(first);
    EXPECT_EQ(*key_of(store), "K2");
    store.refuse(first);

    EXPECT_EQ(*key_of(store), "K2");
}

TEST(CredentialsStore, OneSearchServesEverybodyWhoWaits) {
    wire::FakeClock clock;
    std::mutex gate;
    std::atomic<int> searches = 0;
    std::atomic<int> served = 0;
    std::unique_lock closed{gate};
    CredentialsStore store{[&]() -> Result<Credentials> {
                               ++searches;
                               const std::lock_guard wait{gate};
                               return Credentials{"K", "s"};
                           },
                           clock};

    for (int i = 0; i < 50; ++i) store.get([&](Result<SharedCredentials>) { ++served; });
    closed.unlock();
    while (served < 50) std::this_thread::yield();

    EXPECT_EQ(searches, 1);
}

TEST(CredentialsStore, RemembersAFailureForThreeSeconds) {
    wire::FakeClock clock;
    std::atomic<int> searches = 0;
    CredentialsStore store{[&]() -> Result<Credentials> {
                               if (++searches == 1)
                                   return Error{.kind = ErrorKind::credentials, .summary = "none", .cause = {}, .remedy = {}};
                               return Credentials{"K", "s"};
                           },
                           clock};

    EXPECT_EQ(key_of(store).error().summary, "none");
    EXPECT_EQ(key_of(store).error().summary, "none");
    EXPECT_EQ(searches, 1);
    clock.advance(4s);
    EXPECT_EQ(*key_of(store), "K");
}

}  // namespace
}  // namespace strata::aws
