#include "engine/state/lease.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/state/hooked_objects.hpp"
#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

class LeaseTest : public testing::Test, public StoredLake {
protected:
    Result<std::unique_ptr<Lease>> take(LockRequest request) { return Lease::take(*objects, name, std::move(request), clock); }
    std::string said(LockRequest request) {
        const auto taken = take(std::move(request));
        return taken.ok() ? "" : taken.error().text();
    }
    const std::string name = "lake/lock";
};

TEST_F(LeaseTest, LetsOneRunHoldItAndNamesTheHolder) {
    const auto first = take(run("a"));
    ASSERT_TRUE(first.ok()) << first.error().text();
    const auto second = take(run("b"));

    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::lock_held);
    EXPECT_EQ(second.error().cause, fmt::format("file {}: held for \"up\" by ada@here (process 7) since 2026-11-21T00:00:00Z; its lease "
                                                "ends in 65 s unless it is renewed.",
                                                file("lock").string()));
}

TEST_F(LeaseTest, IsFreeAgainOnceItIsGivenBack) {
    ASSERT_TRUE(take(run("a")).ok());
    const auto second = take(run("b"));
    ASSERT_TRUE(second.ok());
    EXPECT_FALSE((*second)->taken_over());
}

TEST_F(LeaseTest, IsTakenOverOnlyAfterItRanOut) {
    const auto paused = take(run("a"));
    clock.pass(Milliseconds{60'000});
    EXPECT_NE(said(run("b")), "");
    clock.pass(Milliseconds{6'000});
    const auto second = take(run("b"));
    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_TRUE((*second)->taken_over());

    const auto woken = (*paused)->confirm();
    ASSERT_FALSE(woken.ok());
    EXPECT_EQ(woken.error().kind, ErrorKind::stale_plan);
}

TEST_F(LeaseTest, AHolderThatNobodyFollowedMayRenewItEvenLate) {
    const auto late = take(run("a"));
    clock.pass(Milliseconds{600'000});
    EXPECT_TRUE((*late)->confirm().ok());
    EXPECT_NE(said(run("b")), "");
}

TEST_F(LeaseTest, ALateHolderDoesNotGiveBackWhatIsAnothers) {
    auto late = take(run("a"));
    clock.pass(Milliseconds{70'000});
    const auto second = take(run("b"));
    ASSERT_TRUE(second.ok());
    late->reset();
    EXPECT_NE(said(run("c")).find("held for"), std::string::npos);
}

TEST_F(LeaseTest, RenewsItselfWhileItLives) {
    auto request = run("a");
    request.terms.renew_every = Milliseconds{5};
    const auto first = take(request);
    const auto before = *real_files().read(file("lock"));
    for (int i = 0; i < 500 && *real_files().read(file("lock")) == before; ++i) ::usleep(10'000);
    EXPECT_NE(*real_files().read(file("lock")), before);
    EXPECT_TRUE((*first)->confirm().ok());
}

TEST_F(LeaseTest, OfAProcessOfThisMachineThatIsGoneItIsTakenAtOnce) {
    const auto child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    auto request = run("a");
    request.owner.process = child;
    request.owner.machine = this_machine();
    const auto killed = take(request);
    ASSERT_TRUE(killed.ok());
    EXPECT_NE(said(run("b")), "");
    ::kill(child, SIGKILL);
    for (int i = 0; i < 500 && start_of_process(child) != 0; ++i) ::usleep(10'000);

    const auto second = take(run("b"));
    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_TRUE((*second)->taken_over());
    ::waitpid(child, nullptr, 0);
}

TEST_F(LeaseTest, OneThatCannotBeUnderstoodIsNotTakenButCanBeRemoved) {
    for (const auto* garbage : {"", "{", "[]", "{\"state\": \"held\"}", "{\"state\": \"mine\"}", "\xff\xfe"}) {
        std::filesystem::create_directories(folder / "lake");
        ASSERT_TRUE(real_files().replace(file("lock"), garbage).ok());
        const auto refused = take(run("a"));
        ASSERT_FALSE(refused.ok()) << garbage;
        EXPECT_EQ(refused.error().kind, ErrorKind::lock_held);
        EXPECT_NE(refused.error().remedy.find("strata state unlock"), std::string::npos);
        EXPECT_EQ(*real_files().read(file("lock")), garbage);

        ASSERT_TRUE(remove_lock(*objects, name).ok());
        const auto taken = take(run("a"));
        ASSERT_TRUE(taken.ok()) << taken.error().text();
        EXPECT_TRUE((*taken)->taken_over());
    }
}

TEST_F(LeaseTest, OneThatWasRemovedIsLostToItsHolder) {
    const auto first = take(run("a"));
    ASSERT_TRUE(remove_lock(*objects, name).ok());
    EXPECT_TRUE((*first)->confirm().ok()) << "while the lease lasts only a write can tell";
    EXPECT_EQ((*first)->renew().error().kind, ErrorKind::stale_plan);
    EXPECT_EQ((*first)->confirm().error().kind, ErrorKind::stale_plan);
}

TEST_F(LeaseTest, ARenewalWhoseAnswerWasLostIsKnownAgain) {
    std::size_t lost = 0;
    HookedObjects flaky{*objects, [&](const StoreCall& call) {
                            if (call.kind != StoreCall::Kind::write || lost == 0) return CallFate::carried_out;
                            return --lost == 1 ? CallFate::answer_lost : CallFate::fails;
                        }};
    auto first = Lease::take(flaky, name, run("a"), clock);
    ASSERT_TRUE(first.ok()) << first.error().text();
    lost = 2;
    EXPECT_EQ((*first)->renew().error().kind, ErrorKind::state_not_saved);
    EXPECT_EQ((*first)->renew().error().kind, ErrorKind::state_not_saved);
    const auto renewed = (*first)->renew();
    EXPECT_TRUE(renewed.ok()) << renewed.error().text();

    lost = 1;
    first->reset();
    EXPECT_NE(said(run("b")), "") << "what could not be given back is held";
}

TEST_F(LeaseTest, OneWhoseTakingFailedAfterAllIsGivenBack) {
    HookedObjects flaky{*objects, [first = true](const StoreCall& call) mutable {
                            const bool write = call.kind == StoreCall::Kind::write && std::exchange(first, false);
                            return write ? CallFate::answer_lost : CallFate::carried_out;
                        }};
    EXPECT_EQ(Lease::take(flaky, name, run("a"), clock).error().kind, ErrorKind::state_not_saved);
    EXPECT_EQ(said(run("b")), "");
}

TEST_F(LeaseTest, WaitsAsLongAsItIsTold) {
    auto first = take(run("a"));
    std::thread ends{[&] {
        ::usleep(300'000);
        first->reset();
    }};
    auto request = run("b", Milliseconds{60'000});
    std::vector<bool> told;
    request.waiting = [&](const std::optional<Error>& held) {
        told.push_back(held.has_value());
        return true;
    };
    EXPECT_EQ(said(request), "");
    ends.join();
    ASSERT_FALSE(told.empty());
    EXPECT_TRUE(told.front());
}

TEST_F(LeaseTest, StopsWaitingWhenItIsInterrupted) {
    const auto first = take(run("a"));
    auto request = run("b", Milliseconds{60'000});
    request.waiting = [](const std::optional<Error>&) { return false; };
    const auto second = take(request);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace strata
