#include <gtest/gtest.h>

#include "tests/engine/state/hooked_objects.hpp"
#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

class Takeover : public testing::Test, public StoredLake {
protected:
    /// Every file of the stack, by name, but the lock.
    std::string everything() const {
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / "lake"})
            if (entry.is_regular_file() && entry.path().filename() != "lock")
                all += entry.path().string() + "\n" + *real_files().read(entry.path()) + "\n";
        return all;
    }
    std::string lock() const { return *real_files().read(file("lock")); }
    void let_the_lease_run_out() { clock.pass(Milliseconds{66'000}); }
    /// Tries everything that a run can write.
    void expect_that_nothing_is_written_by(std::unique_ptr<StateSession> paused) {
        const auto before = everything();
        const auto held = lock();
        EXPECT_EQ(put(*paused, "from-the-past").error().kind, ErrorKind::stale_plan);
        EXPECT_FALSE(paused->finish({}).ok());
        EXPECT_FALSE(paused->save_whole().ok());
        paused.reset();
        EXPECT_EQ(everything(), before);
        EXPECT_EQ(lock(), held);
    }
};

TEST_F(Takeover, APausedHolderCannotWriteOneByte) {
    auto paused = writer("paused");
    ASSERT_TRUE(put(*paused, "a").ok());
    let_the_lease_run_out();
    const auto second = writer("second");
    ASSERT_NE(second, nullptr);
    EXPECT_TRUE(second->state().resources.contains("a"));

    expect_that_nothing_is_written_by(std::move(paused));
    EXPECT_TRUE(put(*second, "b").ok());
}

TEST_F(Takeover, NorCanItWhenItsClockStandsStill) {
    auto paused = writer("paused");
    ASSERT_TRUE(put(*paused, "a").ok());
    HandClock later;
    later.pass(Milliseconds{66'000});
    const auto second = StateSession::open(store, keys, identity, {.lock = run("second"), .clock = &later});
    ASSERT_TRUE(second.ok()) << second.error().text();

    expect_that_nothing_is_written_by(std::move(paused));
}

TEST_F(Takeover, NorAfterTheNextRunsHaveEndedAndFoldedTheirJournals) {
    HandClock later;
    auto paused = writer("paused");
    ASSERT_TRUE(update(*paused, "a").ok());
    ASSERT_TRUE(put(*paused, "b").ok());
    later.pass(Milliseconds{66'000});
    for (int i = 0; i < 30; ++i) {
        const auto next = StateSession::open(store, keys, identity, {.lock = run("next"), .clock = &later});
        ASSERT_TRUE(next.ok()) << next.error().text();
        ASSERT_TRUE(update(**next, "c" + std::to_string(i)).ok());
    }
    expect_that_nothing_is_written_by(std::move(paused));
}

TEST_F(Takeover, NorOnAStackThatHadNoStateYet) {
    HandClock later;
    auto paused = writer("paused");
    later.pass(Milliseconds{66'000});
    {
        const auto next = StateSession::open(store, keys, identity, {.lock = run("next"), .clock = &later});
        ASSERT_TRUE(next.ok()) << next.error().text();
    }
    expect_that_nothing_is_written_by(std::move(paused));
}

TEST_F(Takeover, AHolderThatWritesJustThenIsReadBeforeItIsShutOut) {
    HandClock later;
    auto slow = writer("slow");
    ASSERT_TRUE(put(*slow, "a").ok());
    later.pass(Milliseconds{66'000});
    bool written = false;
    // Between the look at the journal and the takeover's own segment.
    HookedObjects between{
        *objects, [&, first = true](const StoreCall& call) mutable {
            if (call.name.find("journal") != std::string::npos && call.kind == StoreCall::Kind::write && std::exchange(first, false))
                written = put(*slow, "b").ok();
            return CallFate::carried_out;
        }};
    StateStore seen_between{between, "lake"};

    const auto second = StateSession::open(seen_between, keys, identity, {.lock = run("second"), .clock = &later});

    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_TRUE(written);
    EXPECT_TRUE((*second)->state().resources.contains("b"));
    expect_that_nothing_is_written_by(std::move(slow));
}

TEST_F(Takeover, AHolderThatFoldsJustThenIsReadBeforeItIsShutOut) {
    for (const bool folded_before : {false, true}) {
        HandClock later;
        auto slow = writer("slow");
        ASSERT_TRUE(put(*slow, "a").ok());
        if (folded_before) ASSERT_TRUE(slow->save().ok());
        ASSERT_TRUE(put(*slow, "b").ok());
        later.pass(Milliseconds{66'000});
        // Between the look at the snapshot and that at the journal, which is empty then.
        HookedObjects between{*objects, [&, first = true](const StoreCall& call) mutable {
                                  if (call.kind == StoreCall::Kind::list && std::exchange(first, false))
                                      EXPECT_TRUE(slow->save_whole().ok());
                                  return CallFate::carried_out;
                              }};
        StateStore seen_between{between, "lake"};

        const auto second = StateSession::open(seen_between, keys, identity, {.lock = run("second"), .clock = &later});

        ASSERT_TRUE(second.ok()) << second.error().text();
        EXPECT_TRUE((*second)->state().resources.contains("b"));
        expect_that_nothing_is_written_by(std::move(slow));
        EXPECT_TRUE(put(**second, "c").ok());
    }
}

// Whoever took over, and failed before everybody else was shut out, gives back a lock that is not free of those before.
TEST_F(Takeover, ARunAfterOneThatFailedToTakeOverShutsOutThePausedOneToo) {
    HandClock later;
    bool ready = false;
    bool in_between = false;
    // The paused run is about to make its segment: it has looked at its lease already.
    HookedObjects paused_here{
        *objects, [&](const StoreCall& call) {
            if (!ready || call.name.find("journal") == std::string::npos) return CallFate::carried_out;
            ready = false;
            in_between = true;
            later.pass(Milliseconds{66'000});
            HookedObjects broken{*objects, [](const StoreCall& of) {
                                     const bool segment = of.name.find("journal/0") != std::string::npos;
                                     return segment && of.changes_something() ? CallFate::fails : CallFate::carried_out;
                                 }};
            StateStore through_broken{broken, "lake"};
            EXPECT_FALSE(StateSession::open(through_broken, keys, identity, {.lock = run("second"), .clock = &later}));
            const auto third = StateSession::open(store, keys, identity, {.lock = run("third"), .clock = &later});
            EXPECT_TRUE(third.ok()) << third.error().text();
            EXPECT_TRUE(update(**third, "c").ok());
            return CallFate::carried_out;
        }};
    StateStore paused_store{paused_here, "lake"};
    auto paused = StateSession::open(paused_store, keys, identity, {.lock = run("paused"), .clock = &clock});
    ASSERT_TRUE(paused.ok()) << paused.error().text();
    ASSERT_TRUE(update(**paused, "a").ok());
    ready = true;

    EXPECT_EQ(put(**paused, "lost").error().kind, ErrorKind::stale_plan);
    EXPECT_TRUE(in_between);
    EXPECT_TRUE((*open())->state().resources.contains("c"));
}

TEST_F(Takeover, ARunThatIsPausedWhileItsRecordIsWrittenHearsOfIt) {
    std::unique_ptr<StateSession> second;
    HookedObjects slow{*objects, [](const StoreCall&) { return CallFate::carried_out; },
                       [&](const StoreCall& call, bool) {
                           if (call.name.find("journal/0") == std::string::npos || second != nullptr) return;
                           clock.pass(Milliseconds{66'000});
                           second = writer("second");
                       }};
    StateStore slow_store{slow, "lake"};
    auto paused = StateSession::open(slow_store, keys, identity, {.lock = run("paused"), .clock = &clock});
    ASSERT_TRUE(paused.ok()) << paused.error().text();

    EXPECT_EQ(put(**paused, "a").error().kind, ErrorKind::stale_plan) << "what it announces must not be sent";
    ASSERT_NE(second, nullptr);
    EXPECT_TRUE(second->state().resources.contains("a"));
}

}  // namespace
}  // namespace strata
