#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "engine/base/files.hpp"
#include "engine/base/json.hpp"
#include "engine/state/file_store.hpp"
#include "engine/state/session.hpp"
#include "tests/scratch_folder.hpp"

namespace strata {
namespace {

const SealKey key{"0123456789abcdef0123456789abcdef"};
const StateSession::Identity identity{.stack = "lake", .environment = "dev"};
const LockOwner me{.run = "run-1", .user = "ada", .host = "here", .process = 7, .purpose = "up", .since = "2026-11-21T00:00:00Z"};

ResourceState bucket(std::string address) {
    ResourceState resource{.address = address,
                           .type = "aws.s3.Bucket",
                           .provider = "aws",
                           .id = address + "-id",
                           .outputs = {{"Arn", "arn"}},
                           .facets = {},
                           .token = {}};
    resource.facets[""] = {.properties = {{"Bucket", address}, {"Password", Value::secret("hunter2")}, {"$odd", Value::map({{"$key", 1}})}},
                           .dependencies = {"network/vpc"}};
    return resource;
}

class StateTest : public testing::Test {
protected:
    std::unique_ptr<StateSession> writer() { return *StateSession::open(*store, key, identity, me); }
    Result<std::unique_ptr<StateSession>> reader() { return StateSession::open(*store, key, identity); }
    static Status put(StateSession& session, const std::string& address) {
        return session.record({{.kind = Mutation::Kind::provider,
                                .key = "aws",
                                .provider = ProviderState{.kind = "aws", .account = "1", .region = "r", .instance = {}}},
                               {.kind = Mutation::Kind::put_resource, .resource = bucket(address)}});
    }

    const ScratchFolder scratch;
    const std::filesystem::path& folder = scratch.path;
    std::unique_ptr<StateStore> store = file_store(folder, real_files());
};

TEST_F(StateTest, GivesBackWhatWasRecordedFromTheJournalAndFromTheSnapshot) {
    {
        auto session = writer();
        ASSERT_TRUE(put(*session, "lake/bronze").ok());
    }
    auto from_journal = reader();
    ASSERT_TRUE(from_journal.ok()) << from_journal.error().text();
    EXPECT_EQ((*from_journal)->state().resources.at("lake/bronze").facets.at("").properties,
              bucket("lake/bronze").facets.at("").properties);
    {
        auto session = writer();
        ASSERT_TRUE(session->save().ok());
    }
    auto from_snapshot = reader();
    ASSERT_TRUE(from_snapshot.ok()) << from_snapshot.error().text();
    EXPECT_EQ((*from_snapshot)->state().resources.at("lake/bronze").facets.at("").properties,
              bucket("lake/bronze").facets.at("").properties);
    EXPECT_TRUE(real_files().list(folder / "journal")->empty());
}

// Removal is not synced: after a power cut the segments may be back.
TEST_F(StateTest, PassesOverSegmentsThatCameBackAfterTheyWereFoldedIn) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "lake/bronze").ok());
    const auto segment = folder / "journal" / real_files().list(folder / "journal")->front();
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
    EXPECT_TRUE(real_files().list(folder / "journal")->empty());
    EXPECT_EQ((*reader())->state().resources.size(), 1U);
}

TEST_F(StateTest, WritesNothingWhenNothingChanged) {
    {
        auto session = writer();
        ASSERT_TRUE(session->save().ok());
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "snapshot.json"));
}

TEST_F(StateTest, LetsOneRunWriteAtATimeAndNamesTheHolder) {
    const auto first = writer();
    const auto second = StateSession::open(*store, key, identity, me);

    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::lock_held);
    EXPECT_NE(second.error().cause.find("\"up\" by ada@here (process 7) since 2026-11-21T00:00:00Z"), std::string::npos)
        << second.error().cause;
}

TEST_F(StateTest, RefusesASegmentThatSomebodyElseWroteFirst) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "a").ok());
    ASSERT_TRUE(store->create_segment(2, "{}").ok());

    const auto late = put(*session, "b");
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().kind, ErrorKind::stale_plan);
    EXPECT_FALSE(put(*session, "c").ok()) << "nothing is accepted after that";
}

TEST_F(StateTest, ARecoveryDocumentHoldsAlsoWhatCouldNotBeWritten) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "written").ok());
    std::filesystem::rename(folder / "journal", folder / "away");
    ASSERT_TRUE(real_files().replace(folder / "journal", "in the way").ok());
    EXPECT_FALSE(put(*session, "lost").ok());
    EXPECT_FALSE(put(*session, "later").ok());

    const auto document = session->recovery_document();

    for (const auto* address : {"\"written\"", "\"lost\"", "\"later\""}) EXPECT_NE(document.find(address), std::string::npos) << document;
    EXPECT_EQ(document.find("hunter2"), std::string::npos);
}

TEST_F(StateTest, TakesRecordsFromManyThreadsWithFewerWritesThanRecords) {
    auto session = writer();
    ASSERT_TRUE(put(*session, "first").ok());
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
        threads.emplace_back([&session, t] {
            for (int i = 0; i < 20; ++i) EXPECT_TRUE(put(*session, "r" + std::to_string(t * 100 + i)).ok());
        });
    for (auto& thread : threads) thread.join();

    EXPECT_EQ(session->state().resources.size(), 321U);
    EXPECT_LT(real_files().list(folder / "journal")->size(), 321U);
    EXPECT_EQ((*reader())->state().resources.size(), 321U);
}

TEST_F(StateTest, NoSecretStandsInClearAnywhereOnDisk) {
    {
        auto session = writer();
        ASSERT_TRUE(put(*session, "a").ok());
        for (const auto& name : *real_files().list(folder / "journal"))
            EXPECT_EQ(real_files().read(folder / "journal" / name)->find("hunter2"), std::string::npos);
        ASSERT_TRUE(session->save().ok());
    }
    EXPECT_EQ(real_files().read(folder / "snapshot.json")->find("hunter2"), std::string::npos);
}

class DamagedState : public StateTest {
protected:
    DamagedState() {
        auto session = writer();
        EXPECT_TRUE(put(*session, "a").ok());
        EXPECT_TRUE(session->save().ok());
        content = *real_files().read(folder / "snapshot.json");
    }
    void overwrite(std::string_view text) { ASSERT_TRUE(real_files().replace(folder / "snapshot.json", text).ok()); }
    std::string content;
};

TEST_F(DamagedState, IsRefusedWhereverItIsCut) {
    for (std::size_t length = 0; length + 1 < content.size(); length += 7) {
        overwrite(content.substr(0, length));
        const auto opened = reader();
        ASSERT_FALSE(opened.ok()) << length;
        EXPECT_EQ(opened.error().kind, ErrorKind::state_unreadable);
    }
}

TEST_F(DamagedState, IsRefusedWithAnotherKey) {
    const auto opened = StateSession::open(*store, SealKey{"another key another key another!"}, identity);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::state_unreadable);
}

TEST_F(DamagedState, IsRefusedWhenItBelongsToAnotherStackOrEnvironment) {
    for (const auto& other :
         {StateSession::Identity{.stack = "other", .environment = "dev"}, StateSession::Identity{.stack = "lake", .environment = "prod"}}) {
        const auto opened = StateSession::open(*store, key, other);
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(opened.error().kind, ErrorKind::state_unreadable);
    }
}

TEST_F(DamagedState, IsRefusedWhenANewerVersionWroteIt) {
    auto newer = content;
    newer.replace(newer.find("\"format\": 1"), 11, "\"format\": 9");
    overwrite(newer);
    const auto opened = reader();
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().cause.find("newer version"), std::string::npos);
}

TEST_F(DamagedState, IsRefusedWhereAPartIsNotWhatItShouldBe) {
    const std::vector<std::pair<std::string, std::string>> damages{
        {"\"serial\": 1", "\"serial\": \"1\""}, {"\"used_by\": {}", "\"used_by\": []"}, {"\"format\": 1", "\"format\": true"}};
    for (const auto& [sound, damaged] : damages) {
        auto changed = content;
        ASSERT_NE(changed.find(sound), std::string::npos) << content;
        changed.replace(changed.find(sound), sound.size(), damaged);
        overwrite(changed);
        const auto opened = reader();
        ASSERT_FALSE(opened.ok()) << damaged;
        EXPECT_EQ(opened.error().kind, ErrorKind::state_unreadable);
    }
}

TEST_F(DamagedState, NeverCrashesWhateverByteIsFlipped) {
    for (std::size_t i = 0; i < content.size(); i += 3) {
        auto changed = content;
        changed[i] = static_cast<char>(changed[i] ^ 0x11);
        overwrite(changed);
        const auto opened = reader();
        if (!opened.ok()) EXPECT_EQ(opened.error().kind, ErrorKind::state_unreadable) << i;
    }
}

}  // namespace
}  // namespace strata
