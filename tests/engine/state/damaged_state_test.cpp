#include <fstream>

#include <gtest/gtest.h>

#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

/// A small state, once folded, with one more segment after it.
class DamagedState : public testing::Test, public StoredLake {
protected:
    DamagedState() {
        auto session = writer();
        EXPECT_TRUE(update(*session, "a").ok());
        EXPECT_TRUE(put(*session, "b").ok());
        segment = "journal/" + segments().back();
        snapshot_content = *real_files().read(file("snapshot.json"));
        segment_content = *real_files().read(file(segment));
    }
    /// Not synced, and in place where that will do: there are thousands of these.
    void overwrite(std::string_view name, std::string_view text) {
        const bool same_size = std::filesystem::file_size(file(name)) == text.size();
        std::fstream out{file(name), std::ios::binary | std::ios::out | (same_size ? std::ios::in : std::ios::trunc)};
        out << text;
        ASSERT_TRUE(out.flush().good());
    }

    /// Opens for reading and for writing; both have to refuse, and to write nothing.
    void expect_refused(const std::string& what, ErrorKind kind = ErrorKind::state_unreadable) {
        const auto before = all_content();
        const auto to_read = open();
        ASSERT_FALSE(to_read.ok()) << what;
        EXPECT_EQ(to_read.error().kind, kind) << what;
        EXPECT_FALSE(open(run("run-2")).ok()) << what;
        EXPECT_EQ(all_content(), before) << what;
    }

    std::string segment;
    std::string snapshot_content;
    std::string segment_content;

private:
    /// Of everything but the lock.
    std::string all_content() {
        return real_files().read(file("snapshot.json")).value() + real_files().read(file(segment)).value() +
               std::to_string(segments().size());
    }
};

TEST_F(DamagedState, IsRefusedWhereverItIsCut) {
    for (const auto& [name, content] : {std::pair{std::string{"snapshot.json"}, snapshot_content}, std::pair{segment, segment_content}}) {
        for (std::size_t length = 0; length < content.size(); length += 61) {
            overwrite(name, content.substr(0, length));
            expect_refused(name + " cut to " + std::to_string(length));
        }
        overwrite(name, content);
    }
    EXPECT_TRUE(open().ok());
}

TEST_F(DamagedState, IsRefusedWithWhateverByteChanged) {
    std::size_t refused = 0;
    for (const auto& [name, content] : {std::pair{std::string{"snapshot.json"}, snapshot_content}, std::pair{segment, segment_content}}) {
        for (std::size_t i = 0; i < content.size(); ++i)
            for (const int bits : {0x01, 0x20, 0x80}) {
                auto changed = content;
                changed[i] = static_cast<char>(changed[i] ^ bits);
                overwrite(name, changed);
                const auto opened = open();
                ASSERT_FALSE(opened.ok()) << name << ", byte " << i << ", bits " << bits;
                ASSERT_EQ(opened.error().kind, ErrorKind::state_unreadable) << opened.error().text();
                ++refused;
            }
        overwrite(name, content);
    }
    EXPECT_EQ(refused, 3 * (snapshot_content.size() + segment_content.size()));
}

TEST_F(DamagedState, IsRefusedWithOneByteMoreOrLess) {
    for (const auto& [name, content] : {std::pair{std::string{"snapshot.json"}, snapshot_content}, std::pair{segment, segment_content}}) {
        for (const auto* more : {" ", "\n", "{}", "x"}) {
            overwrite(name, content + more);
            expect_refused("one more");
            overwrite(name, more + content);
            expect_refused("one before");
        }
        overwrite(name, content);
    }
}

// The same words for both: who does not have the key shall not learn which it was.
TEST_F(DamagedState, AWrongKeyReadsAsTamperingDoes) {
    auto changed = snapshot_content;
    changed.replace(changed.find("\"resources\""), 11, "\"resourceS\"");
    overwrite("snapshot.json", changed);
    const auto tampered = open();
    overwrite("snapshot.json", snapshot_content);
    keys = KeyRing{SealKey{"another key another key another!"}};
    const auto wrong_key = open();

    ASSERT_FALSE(tampered.ok());
    ASSERT_FALSE(wrong_key.ok());
    EXPECT_EQ(tampered.error().text(), wrong_key.error().text());
}

TEST_F(DamagedState, IsRefusedWhenItBelongsToAnotherStackOrEnvironment) {
    for (const auto& other :
         {StateSession::Identity{.stack = "other", .environment = "dev"}, StateSession::Identity{.stack = "lake", .environment = "prod"}}) {
        identity = other;
        expect_refused(other.stack);
    }
}

TEST_F(DamagedState, ASegmentOfAnotherPlaceOrTimeDoesNotFit) {
    ASSERT_TRUE(put(*writer(), "c").ok());
    const auto later = *real_files().read(file("journal") / segments().back());
    overwrite(segment, later);
    expect_refused("a later segment in the place of an earlier one");
}

TEST_F(DamagedState, IsRefusedWhenASegmentIsMissing) {
    ASSERT_TRUE(put(*writer(), "c").ok());
    ASSERT_TRUE(real_files().remove(file(segment)).ok());
    const auto opened = open();
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::state_unreadable);
    EXPECT_NE(opened.error().cause.find("is missing"), std::string::npos) << opened.error().cause;
}

TEST_F(DamagedState, SaysWhenANewerVersionWroteIt) {
    auto newer = snapshot_content;
    newer.replace(newer.find("\"format\": 2"), 11, "\"format\": 9");
    overwrite("snapshot.json", newer);
    const auto opened = open();
    ASSERT_FALSE(opened.ok());
    EXPECT_NE(opened.error().cause.find("newer version"), std::string::npos) << opened.error().cause;
}

TEST_F(DamagedState, AnOlderCopyIsKnownAgainByItsSerial) {
    SeenSerials seen{folder / "seen", real_files()};
    const auto with_memory = [&](const std::optional<LockRequest>& lock) {
        return StateSession::open(store, keys, identity, {.lock = lock, .seen = &seen, .clock = &clock});
    };
    {
        auto session = *with_memory(run("run-2"));
        ASSERT_TRUE(update(*session, "c").ok());
    }
    for (const auto& name : segments()) ASSERT_TRUE(real_files().remove(file("journal") / name).ok());
    overwrite("snapshot.json", snapshot_content);

    const auto opened = with_memory({});
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::stale_plan);
    EXPECT_FALSE(with_memory(run("run-3")).ok());
    EXPECT_EQ(*real_files().read(file("snapshot.json")), snapshot_content);
}

}  // namespace
}  // namespace strata
