#include <gtest/gtest.h>

#include "engine/base/encoding.hpp"
#include "engine/state/folder_objects.hpp"
#include "engine/state/session.hpp"
#include "tests/cli/golden.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

/// A stack of one box, deployed twice: with "books", then with "tools".
class StateMending : public testing::Test, public Cli {
protected:
    StateMending() {
        run("up shelf --yes");
        stacks.front().second = one_box("tools");
        run("up shelf --yes");
    }
    std::string recorded_content() {
        run("state show box --json");
        return out().find("\"tools\"") != std::string::npos ? "tools" : out().find("\"books\"") != std::string::npos ? "books" : "";
    }
    std::filesystem::path state_file(std::string_view name) const { return folder / ".strata/state/local/shelf" / name; }
    [[nodiscard]] SealKey key() const {
        const auto text = *real_files().read(folder / ".strata/key");
        return SealKey{*hex_decode(text.substr(0, 64))};
    }
    /// Leaves a create unfinished, as a run does that is killed after its begin record.
    void cut_a_create(const std::string& address) {
        const auto objects = folder_objects(folder / ".strata/state/local", real_files());
        StateStore store{*objects, "shelf"};
        const auto session = *StateSession::open(
            store, key(), {.stack = "shelf", .environment = "local"},
            {.lock = LockRequest{.owner = {.run = "cut", .user = "", .host = "", .purpose = "up", .since = ""}}, .clock = &clock});
        ASSERT_TRUE(session
                        ->record({{.kind = Mutation::Kind::begin,
                                   .open = OpenStep{.step = "s1",
                                                    .action = "create",
                                                    .address = address,
                                                    .type = "fake.Box",
                                                    .provider = "fake",
                                                    .token = random_token(),
                                                    .properties = {{"Name", "box-cut"}}}}})
                        .ok());
    }
};

TEST_F(StateMending, RestorePutsBackWhatAnUpdateLeft) {
    EXPECT_EQ(run("state restore shelf 1 --yes"), 0) << err();
    EXPECT_NE(out().find("~  box"), std::string::npos) << out();
    EXPECT_EQ(recorded_content(), "books");
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("tools")) << "what is live stays";
    EXPECT_EQ(run("state restore shelf 2 --yes"), 0) << err();
    EXPECT_EQ(recorded_content(), "tools");
    EXPECT_EQ(run("state restore shelf 2 --yes"), 0);
    EXPECT_EQ(out(), "The state of shelf holds the same already.\n");
}

TEST_F(StateMending, RestoreTakesAnExportAndRefusesWhatIsNoneOfThisStack) {
    run("state export shelf");
    const auto file = (folder / "saved.json").string();
    ASSERT_TRUE(real_files().replace(file, out().substr(0, out().size() - 1)).ok());
    EXPECT_EQ(run("state rm box"), 0) << err();
    EXPECT_EQ(run("state restore shelf --yes --file " + file), 0) << err();
    EXPECT_EQ(recorded_content(), "tools");

    auto changed = *real_files().read(file);
    changed.replace(changed.find("box-a"), 5, "box-b");
    ASSERT_TRUE(real_files().replace(file, changed).ok());
    EXPECT_EQ(run("state restore shelf --yes --file " + file), 5);
}

TEST_F(StateMending, RestoreAsksForAnUpdateThatThereIs) {
    EXPECT_EQ(run("state restore shelf 9 --yes"), 1);
    EXPECT_NE(err().find("has no update \"9\""), std::string::npos) << err();
    EXPECT_EQ(run("state restore shelf --yes"), 1);
    EXPECT_EQ(run("state restore shelf 1 --yes --file x"), 1);
}

TEST_F(StateMending, RestoreChangesNothingWhenItIsDeclined) {
    console.answers = {"no"};
    EXPECT_EQ(run("state restore shelf 1"), 1);
    EXPECT_EQ(recorded_content(), "tools");
}

TEST_F(StateMending, CheckFindsNothingInASoundState) {
    EXPECT_EQ(run("state check"), 0) << err();
    EXPECT_EQ(out(), "The state of 1 stack is sound.\n");
}

TEST_F(StateMending, CheckTellsWhatWaitsAndWhatIsBroken) {
    cut_a_create("other");
    EXPECT_EQ(run("state check"), 0) << err();
    EXPECT_NE(out().find("create was begun and not seen to its end"), std::string::npos) << out();
    const auto kept = state_file("history") / real_files().list(state_file("history"))->front();
    ASSERT_TRUE(real_files().replace(kept, "{}").ok());
    EXPECT_EQ(run("state check"), 5);
    EXPECT_NE(out().find("the state of serial"), std::string::npos) << out();
}

TEST_F(StateMending, ResolveAdoptsWhatACutCreateLeft) {
    cut_a_create("other");
    EXPECT_EQ(run("state resolve other --adopt box-cut"), 0) << err();
    EXPECT_EQ(out(), "other is box-cut; the next `up` goes on with it.\n");
    run("state list");
    EXPECT_NE(out().find("box-cut"), std::string::npos) << out();
    EXPECT_EQ(run("state check"), 0);
}

TEST_F(StateMending, ResolveForgetsWhatWasNeverMade) {
    cut_a_create("other");
    EXPECT_EQ(run("state resolve other --absent"), 0) << err();
    run("state list");
    EXPECT_EQ(out().find("other"), std::string::npos) << out();
}

TEST_F(StateMending, ResolveRefusesWhatItCannotKnow) {
    cut_a_create("other");
    EXPECT_EQ(run("state resolve box --absent"), 1);
    EXPECT_NE(err().find("Unfinished are: shelf other."), std::string::npos) << err();
    EXPECT_EQ(run("state resolve other"), 1);
    EXPECT_EQ(run("state resolve other --absent --adopt x"), 1);
}

TEST_F(StateMending, UnlockNamesWhomItTakesTheLockFrom) {
    const auto objects = folder_objects(folder / ".strata/state/local", real_files());
    auto lease = Lease::take(*objects, "shelf/lock",
                             {.owner = {.run = "r", .user = "ada", .host = "far", .process = 9, .purpose = "up", .since = "today"}}, clock);
    ASSERT_TRUE(lease.ok());
    EXPECT_EQ(run("up shelf --yes"), 4);
    EXPECT_EQ(run("state unlock shelf --yes"), 0) << err();
    EXPECT_NE(out().find("\"up\" by ada@far (process 9) since today"), std::string::npos) << out();
    EXPECT_EQ(run("up shelf --yes"), 0) << err();
    EXPECT_EQ(run("state unlock shelf --yes"), 1);
    EXPECT_NE(err().find("Nobody holds the lock"), std::string::npos) << err();
}

TEST_F(StateMending, UnlockRemovesGarbageToo) {
    ASSERT_TRUE(real_files().replace(state_file("lock"), "garbage").ok());
    EXPECT_EQ(run("up shelf --yes"), 4);
    EXPECT_NE(err().find("strata state unlock"), std::string::npos);
    EXPECT_EQ(run("state unlock shelf --yes"), 0) << err();
    EXPECT_EQ(run("up shelf --yes"), 0) << err();
}

}  // namespace
}  // namespace strata::cli
