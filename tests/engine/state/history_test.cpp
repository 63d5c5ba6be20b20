#include <gtest/gtest.h>

#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

class StateHistory : public testing::Test, public StoredLake {
protected:
    /// Updates number 1 to `count`; the n-th puts "r<n>" into state.
    void updates(int count) {
        for (int i = 1; i <= count; ++i) {
            auto session = writer("run-" + std::to_string(i));
            ASSERT_TRUE(update(*session, "r" + std::to_string(i)).ok());
        }
    }
    std::size_t resources_before(const Update& update) {
        const auto session = open();
        const auto state = (*session)->state_at(update.before);
        EXPECT_TRUE(state.ok()) << state.error().text();
        return state.ok() ? state->resources.size() : 999;
    }
};

TEST_F(StateHistory, NumbersUpdatesAndNotesWhatBecameOfThem) {
    updates(2);
    {
        auto session = writer("run-3");
        session->begin_update();
        ASSERT_TRUE(put(*session, "r3").ok());
        ASSERT_TRUE(session->finish({.result = "failed", .seconds = 2.5, .counts = {{"created", 1}}}).ok());
    }
    const auto history = (*open())->state().updates;
    ASSERT_EQ(history.size(), 3U);
    EXPECT_EQ(history[2].number, 3U);
    EXPECT_EQ(history[2].run, "run-3");
    EXPECT_EQ(history[2].verb, "up");
    EXPECT_EQ(history[2].user, "ada@here");
    EXPECT_EQ(history[2].began, "2026-11-21T00:00:00Z");
    EXPECT_EQ(history[2].result, "failed");
    EXPECT_EQ(history[2].seconds, 2.5);
    EXPECT_EQ(history[2].before, history[1].serial);
}

TEST_F(StateHistory, OneThatWasKilledHasNoEnd) {
    {
        auto session = writer();
        session->begin_update();
        ASSERT_TRUE(put(*session, "r1").ok());
    }
    updates(1);
    const auto history = (*open())->state().updates;
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].result, "");
    EXPECT_EQ(history[1].result, "succeeded");
}

TEST_F(StateHistory, GivesBackTheStateBeforeEveryUpdateOfASmallStack) {
    updates(12);
    const auto history = (*open())->state().updates;
    for (std::size_t i = 0; i < history.size(); ++i) EXPECT_EQ(resources_before(history[i]), i);
}

TEST_F(StateHistory, GivesBackTheStateBetweenTwoSnapshotsOfALargeOne) {
    {
        auto session = writer("large");
        std::vector<Mutation> many{{.kind = Mutation::Kind::provider, .key = "aws", .provider = ProviderState{.kind = "aws"}}};
        for (int i = 0; i < 2'000; ++i)
            many.push_back({.kind = Mutation::Kind::put_resource, .resource = bucket("lake/bucket-" + std::to_string(i))});
        ASSERT_TRUE(session->record(std::move(many)).ok());
        ASSERT_TRUE(session->save().ok());
    }
    updates(5);
    EXPECT_FALSE(std::filesystem::exists(file("history"))) << "none of these had to be folded";
    const auto history = (*open())->state().updates;
    for (std::size_t i = 0; i < history.size(); ++i) EXPECT_EQ(resources_before(history[i]), 2'000 + i);

    ASSERT_TRUE(writer("fold")->save_whole().ok());
    for (std::size_t i = 0; i < history.size(); ++i) EXPECT_EQ(resources_before(history[i]), 2'000 + i);
}

TEST_F(StateHistory, DoesNotTakeTheSnapshotOfAnotherStateForAnEarlierOne) {
    StoredLake other;
    ASSERT_TRUE(update(*other.writer(), "of another lineage").ok());
    updates(3);
    const auto update = (*open())->state().updates[1];
    const auto kept = file("history") / real_files().list(file("history"))->front();
    ASSERT_TRUE(real_files().replace(kept, *real_files().read(other.file("snapshot.json"))).ok());

    EXPECT_EQ((*open())->state_at(update.before).error().kind, ErrorKind::state_unreadable);
}

TEST_F(StateHistory, KeepsTwentySnapshotsAndNoSegmentThatNobodyNeeds) {
    updates(30);
    EXPECT_EQ(real_files().list(file("history"))->size(), 20U);
    EXPECT_EQ(segments().size(), 2U) << "those of the last update";
    const auto session = open();
    const auto history = (*session)->state().updates;
    EXPECT_FALSE((*session)->state_at(history[3].before).ok());
    EXPECT_EQ(resources_before(history[20]), 20U);
}

}  // namespace
}  // namespace strata
