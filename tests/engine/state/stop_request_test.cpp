#include "engine/state/stop_request.hpp"

#include <unistd.h>
#include <atomic>
#include <mutex>

#include <gtest/gtest.h>

#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

class StopRequestTest : public testing::Test, public StoredLake {
protected:
    Result<std::unique_ptr<Lease>> take(const std::string& id) {
        auto request = run(id);
        request.terms = {.renew_every = Milliseconds{10'000}, .look_every = Milliseconds{5}};
        request.asked_to_stop = [this](const StopRequest& asked) {
            const std::scoped_lock hold{mutex_};
            heard_.push_back(asked);
        };
        return Lease::take(*objects, "lake/lock", std::move(request), clock);
    }
    [[nodiscard]] StopRequest to(const std::string& id, bool now = false) const {
        return {.run = id, .by = "bob@far", .at = "2026-11-21T00:00:01Z", .now = now};
    }
    std::vector<StopRequest> heard() {
        const std::scoped_lock hold{mutex_};
        return heard_;
    }
    std::size_t heard_after_a_while(std::size_t wanted) {
        for (int i = 0; i < 500 && heard().size() < wanted; ++i) ::usleep(10'000);
        return heard().size();
    }
    bool lies_there() { return std::filesystem::exists(file("request")); }

private:
    std::mutex mutex_;
    std::vector<StopRequest> heard_;
};

TEST_F(StopRequestTest, ReachesTheRunThatHoldsTheLockOnceAndOnceMoreWhenItIsNotToWait) {
    const auto holder = take("a");
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("a")).ok());
    ASSERT_EQ(heard_after_a_while(1), 1U);
    EXPECT_EQ(heard()[0].by, "bob@far");
    EXPECT_FALSE(heard()[0].now);

    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("a", true)).ok());
    ASSERT_EQ(heard_after_a_while(2), 2U);
    EXPECT_TRUE(heard()[1].now);
    ::usleep(50'000);
    EXPECT_EQ(heard().size(), 2U);
}

TEST_F(StopRequestTest, ToAnotherRunIsIgnoredAndGoesWhenTheLockIsGivenBack) {
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("an-earlier-one")).ok());
    auto holder = take("a");
    ::usleep(50'000);
    EXPECT_TRUE(heard().empty());
    EXPECT_TRUE(lies_there());

    holder->reset();
    EXPECT_FALSE(lies_there());
}

TEST_F(StopRequestTest, TakesThePlaceOfAStaleOne) {
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("an-earlier-one", true)).ok());
    const auto holder = take("a");
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("a")).ok());
    ASSERT_EQ(heard_after_a_while(1), 1U);
    EXPECT_FALSE(heard()[0].now);
}

TEST_F(StopRequestTest, IsNotTakenBackByAMilderOne) {
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("a", true)).ok());
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("a")).ok());
    EXPECT_TRUE((*read_stop_request(*objects, "lake/lock"))->now);
}

TEST_F(StopRequestTest, ThatCannotBeUnderstoodCountsAsNone) {
    std::filesystem::create_directories(folder / "lake");
    for (const auto* garbage : {"", "{", "[]", "{\"run\": 3}", "\xff\xfe"}) {
        ASSERT_TRUE(real_files().replace(file("request"), garbage).ok());
        const auto found = read_stop_request(*objects, "lake/lock");
        ASSERT_TRUE(found.ok()) << garbage;
        EXPECT_FALSE(found->has_value()) << garbage;
    }
    const auto holder = take("a");
    ASSERT_TRUE(ask_to_stop(*objects, "lake/lock", to("a")).ok());
    EXPECT_EQ(heard_after_a_while(1), 1U);
}

}  // namespace
}  // namespace strata
