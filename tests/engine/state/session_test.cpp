#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "tests/engine/state/hooked_objects.hpp"
#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

class Session : public testing::Test, public StoredLake {};

TEST_F(Session, GivesBackWhatWasRecordedFromTheJournalAndFromTheSnapshot) {
    {
        auto session = writer();
        ASSERT_TRUE(put(*session, "lake/bronze").ok());
    }
    auto from_journal = open();
    ASSERT_TRUE(from_journal.ok()) << from_journal.error().text();
    EXPECT_EQ((*from_journal)->state().resources.at("lake/bronze").facets.at("").properties,
              bucket("lake/bronze").facets.at("").properties);
    const auto hash_key = (*from_journal)->state().hash_key;
    {
        auto session = writer();
        ASSERT_TRUE(session->save().ok());
    }
    auto from_snapshot = open();
    ASSERT_TRUE(from_snapshot.ok()) << from_snapshot.error().text();
    EXPECT_EQ((*from_snapshot)->state().resources.at("lake/bronze").facets.at("").properties,
              bucket("lake/bronze").facets.at("").properties);
    EXPECT_EQ((*from_snapshot)->state().hash_key, hash_key);
    EXPECT_TRUE(segments().empty());
}

// When the power goes while they are removed, some of them may be back.
TEST_F(Session, PassesOverSegmentsThatCameBackAfterTheyWereFoldedIn) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "lake/bronze").ok());
    const auto segment = file("journal") / segments().front();
    const auto content = real_files().read(segment);
    ASSERT_TRUE(session->save().ok());
    ASSERT_TRUE(session->record({{.kind = Mutation::Kind::remove_resource, .address = "lake/bronze"}}).ok());
    ASSERT_TRUE(session->save().ok());
    ASSERT_TRUE(real_files().create(segment, *content).ok());
    session.reset();

    auto later = writer();
    EXPECT_TRUE(later->state().resources.empty());
    ASSERT_TRUE(put(*later, "lake/silver").ok());
    ASSERT_TRUE(later->save().ok());
    EXPECT_TRUE(segments().empty());
    EXPECT_EQ((*open())->state().resources.size(), 1U);
}

TEST_F(Session, WritesNoStateWhenNothingChanged) {
    {
        auto session = writer();
        session->begin_update();
        ASSERT_TRUE(session->finish({}).ok());
    }
    EXPECT_EQ(*real_files().list(folder / "lake"), std::vector<std::string>{"lock"});
}

TEST_F(Session, WritesNothingAtAllWithoutTheLock) {
    ASSERT_TRUE(open().ok());
    EXPECT_TRUE(real_files().list(folder)->empty());
}

TEST_F(Session, RefusesASegmentThatSomebodyElseWroteFirst) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "a").ok());
    ASSERT_TRUE(store.create_segment(2, "{}").ok());

    const auto late = put(*session, "b");
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().kind, ErrorKind::stale_plan);
    EXPECT_FALSE(put(*session, "c").ok()) << "nothing is accepted after that";
}

TEST_F(Session, ARecoveryDocumentHoldsAlsoWhatCouldNotBeWrittenAndCanBeRead) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "written").ok());
    std::filesystem::rename(file("journal"), file("away"));
    ASSERT_TRUE(real_files().replace(file("journal"), "in the way").ok());
    EXPECT_FALSE(put(*session, "lost").ok());
    EXPECT_FALSE(put(*session, "later").ok());

    const auto document = session->recovery_document();

    EXPECT_EQ(document.find("hunter2"), std::string::npos);
    const auto read = session->read_document(document, "recovery.json");
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->resources.size(), 3U);
}

TEST_F(Session, TakesRecordsFromManyThreadsWithFewerWritesThanRecords) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "first").ok());
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
        threads.emplace_back([&session, t] {
            for (int i = 0; i < 20; ++i) EXPECT_TRUE(put(*session, "r" + std::to_string(t * 100 + i)).ok());
        });
    for (auto& thread : threads) thread.join();

    EXPECT_EQ(session->state().resources.size(), 321U);
    EXPECT_LT(segments().size(), 321U);
    EXPECT_EQ((*open())->state().resources.size(), 321U);
}

TEST_F(Session, NoSecretStandsInClearAnywhereOnDisk) {
    {
        auto session = writer();
        ASSERT_TRUE(put(*session, "a").ok());
        for (const auto& name : segments()) EXPECT_EQ(real_files().read(file("journal") / name)->find("hunter2"), std::string::npos);
        ASSERT_TRUE(session->save().ok());
    }
    EXPECT_EQ(real_files().read(file("snapshot.json"))->find("hunter2"), std::string::npos);
}

TEST_F(Session, IsSeenByAReaderOfAStackWhoseFirstRunFoldsJustThen) {
    auto first = writer();
    ASSERT_TRUE(put(*first, "a").ok());
    HookedObjects between{*objects, [&, once = true](const StoreCall& call) mutable {
                              if (call.kind == StoreCall::Kind::list && std::exchange(once, false)) EXPECT_TRUE(first->save().ok());
                              return CallFate::carried_out;
                          }};
    StateStore seen_between{between, "lake"};

    const auto reader = StateSession::open(seen_between, keys, identity);

    ASSERT_TRUE(reader.ok()) << reader.error().text();
    EXPECT_TRUE((*reader)->state().resources.contains("a"));
}

TEST_F(Session, IsSavedAlsoWhereWhatIsFoldedCannotBeRemoved) {
    HookedObjects cannot_remove{
        *objects, [](const StoreCall& call) { return call.kind == StoreCall::Kind::remove ? CallFate::fails : CallFate::carried_out; }};
    StateStore kept{cannot_remove, "lake"};
    for (int i = 1; i <= 3; ++i) {
        auto session = StateSession::open(kept, keys, identity, {.lock = run("run"), .clock = &clock});
        ASSERT_TRUE(session.ok()) << session.error().text();
        const auto updated = update(**session, "r" + std::to_string(i));
        EXPECT_TRUE(updated.ok()) << updated.error().text();
    }
    EXPECT_EQ((*open())->state().resources.size(), 3U);
    EXPECT_EQ(segments().size(), 6U);
    ASSERT_TRUE(update(*writer(), "r4").ok());
    EXPECT_EQ(segments(), (std::vector<std::string>{"000000000007.json", "000000000008.json"}))
        << "they go with the next fold that can remove them, but for those of the last update";
}

// A state of 2,000 resources: what changes in one of them is written, not all of it.
TEST_F(Session, WhatAnUpdateWritesDoesNotGrowWithTheStack) {
    auto session = writer();
    std::vector<Mutation> many{{.kind = Mutation::Kind::provider, .key = "aws", .provider = ProviderState{.kind = "aws"}}};
    for (int i = 0; i < 2'000; ++i)
        many.push_back({.kind = Mutation::Kind::put_resource, .resource = bucket("lake/bucket-" + std::to_string(i))});
    ASSERT_TRUE(session->record(std::move(many)).ok());
    ASSERT_TRUE(session->save().ok());
    const auto snapshot = *real_files().read(file("snapshot.json"));

    ASSERT_TRUE(update(*session, "lake/bucket-7").ok());

    EXPECT_EQ(*real_files().read(file("snapshot.json")), snapshot);
    std::size_t written = 0;
    for (const auto& name : segments()) written += real_files().read(file("journal") / name)->size();
    EXPECT_LT(written, 4'000U);
    EXPECT_EQ((*open())->state().updates.size(), 1U);
}

}  // namespace
}  // namespace strata
