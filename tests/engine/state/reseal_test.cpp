#include <gtest/gtest.h>

#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

const SealKey old_key{"0123456789abcdef0123456789abcdef"};
const SealKey new_key{"fedcba9876543210fedcba9876543210"};

class Reseal : public testing::Test, public StoredLake {
protected:
    /// A large state with segments that stay for its history, two snapshots of before, and a fence against a paused run.
    void deploy() {
        {
            auto session = writer("large");
            std::vector<Mutation> many{{.kind = Mutation::Kind::provider, .key = "aws", .provider = ProviderState{.kind = "aws"}}};
            for (int i = 0; i < 1'500; ++i)
                many.push_back({.kind = Mutation::Kind::put_resource, .resource = bucket("lake/bucket-" + std::to_string(i))});
            ASSERT_TRUE(session->record(std::move(many)).ok());
            ASSERT_TRUE(session->save().ok());
        }
        for (const auto* run : {"one", "two", "three"}) ASSERT_TRUE(update(*writer(run), run).ok());
        ASSERT_TRUE(writer("fold")->save_whole().ok());
        ASSERT_TRUE(update(*writer("four"), "four").ok());
        ASSERT_TRUE(writer("fold")->save_whole().ok());
        ASSERT_TRUE(update(*writer("five"), "five").ok());
    }
    Result<StateSession::Resealed> reseal(const KeyRing& ring) {
        auto session = open(run("rekey"));
        return session ? (*session)->reseal(ring) : std::move(session).error();
    }
    std::vector<std::size_t> sizes_before_updates() {
        const auto session = open();
        std::vector<std::size_t> sizes;
        if (!session) return sizes;
        for (const auto& update : (*session)->state().updates) {
            const auto state = (*session)->state_at(update.before);
            sizes.push_back(state ? state->resources.size() : 0);
        }
        return sizes;
    }
    /// Of every file but the lock.
    std::map<std::string, std::string> content() {
        std::map<std::string, std::string> files;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / "lake"})
            if (entry.is_regular_file() && entry.path().filename() != "lock")
                files[entry.path().string()] = *real_files().read(entry.path());
        return files;
    }
};

TEST_F(Reseal, LeavesNothingUnderTheOldKeyAndNothingUnread) {
    deploy();
    const auto sizes = sizes_before_updates();
    const auto state = (*open())->state();
    ASSERT_EQ(sizes.size(), 5U);

    const auto done = reseal({new_key, {old_key}});

    ASSERT_TRUE(done.ok()) << done.error().text();
    EXPECT_TRUE(done->left.empty());
    EXPECT_EQ(done->documents, content().size());
    EXPECT_FALSE(open().ok()) << "the old key opens it";
    keys = KeyRing{new_key};
    EXPECT_EQ(sizes_before_updates(), sizes);
    const auto after = (*open())->state();
    EXPECT_EQ(after.serial, state.serial);
    EXPECT_EQ(after.hash_key, state.hash_key);
    EXPECT_EQ(after.resources.at("four").facets.at("").properties, state.resources.at("four").facets.at("").properties);
}

TEST_F(Reseal, KeepsAPausedRunOut) {
    auto paused = writer("paused");
    ASSERT_TRUE(put(*paused, "a").ok());
    clock.pass(Milliseconds{120'000});
    {
        auto other = writer("other");
    }
    ASSERT_TRUE(reseal({new_key, {old_key}}).ok());

    EXPECT_FALSE(put(*paused, "b").ok());
    EXPECT_FALSE(paused->save_whole().ok());
}

TEST_F(Reseal, DoesTheRestWhenItWasCutOff) {
    deploy();
    const auto sizes = sizes_before_updates();
    ASSERT_TRUE(reseal({new_key, {old_key}}).ok());
    const auto done = content();
    keys = KeyRing{new_key, {old_key}};

    ASSERT_TRUE(reseal(keys).ok());

    const auto again = content();
    ASSERT_EQ(again.size(), done.size());
    for (const auto& [name, text] : again)
        if (name.find("snapshot.json") == std::string::npos) EXPECT_EQ(text, done.at(name)) << "not written twice: " << name;
    EXPECT_EQ(sizes_before_updates(), sizes);
}

TEST_F(Reseal, LeavesADocumentOfBeforeThatNoKeyOpens) {
    deploy();
    const auto broken = folder / "lake/history" / real_files().list(folder / "lake/history")->front();
    ASSERT_TRUE(real_files().replace(broken, "{}").ok());

    const auto done = reseal({new_key, {old_key}});

    ASSERT_TRUE(done.ok()) << done.error().text();
    EXPECT_EQ(done->left, std::vector<std::string>{"file " + broken.string()});
    EXPECT_EQ(*real_files().read(broken), "{}");
}

TEST_F(Reseal, StopsAtADocumentThatAMissingKeyMayOpen) {
    deploy();
    const auto kept = folder / "lake/history" / real_files().list(folder / "lake/history")->front();
    const auto before = *real_files().read(kept);
    ASSERT_TRUE(reseal({new_key, {old_key}}).ok());
    ASSERT_TRUE(real_files().replace(kept, before).ok());
    keys = KeyRing{new_key};
    keys.missing = Error{.summary = "Gone", .cause = "The old passphrase is not set.", .remedy = "Set it."};

    const auto done = reseal(keys);

    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::state_unreadable);
    EXPECT_NE(done.error().text().find("The old passphrase is not set.\n  Nothing was written. Set it."), std::string::npos)
        << done.error().text();
    EXPECT_EQ(*real_files().read(kept), before);
}

TEST_F(Reseal, OfAStackThatWasNeverDeployedWritesNothing) {
    EXPECT_EQ(reseal({new_key, {old_key}})->documents, 0U);
    EXPECT_TRUE(content().empty());
}

}  // namespace
}  // namespace strata
