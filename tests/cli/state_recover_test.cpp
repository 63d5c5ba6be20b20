#include <gtest/gtest.h>

#include "tests/cli/golden.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

Cli::Declare two_boxes() {
    return [](Stack& stack) {
        const fake::Box box{stack, "box", {.content = "books", .name = "box-a", .password = secret("sesame"), .size = 3}};
        const fake::Box user{stack, "user", {.content = box.etag(), .name = "box-b"}};
        stack.output("box_arn", box.arn());
    };
}

/// A stack of two boxes, deployed.
class StateRecover : public testing::Test, public Cli {
protected:
    StateRecover() {
        stacks.front().second = two_boxes();
        run("up shelf --yes");
        cloud.calls.clear();
    }
    [[nodiscard]] std::filesystem::path state_folder() const { return folder / ".strata/state/local/shelf"; }
    void lose_state() const { std::filesystem::remove_all(state_folder()); }
    void damage_state() const {
        for (const auto& segment : *real_files().list(state_folder() / "journal"))
            ASSERT_TRUE(real_files().replace(state_folder() / "journal" / segment, "{}").ok());
        if (std::filesystem::exists(state_folder() / "snapshot.json"))
            ASSERT_TRUE(real_files().replace(state_folder() / "snapshot.json", "{}").ok());
    }
};

TEST_F(StateRecover, RebuildsWhatWasLost) {
    lose_state();
    EXPECT_EQ(run("state recover shelf --yes"), 0) << err();
    expect_golden("state_recover.txt", out());
    EXPECT_EQ(cloud.take_calls(), std::vector<std::string>{});
    EXPECT_EQ(run("preview --exit-code"), 0) << out();
    EXPECT_EQ(run("up --yes"), 0);
    EXPECT_EQ(cloud.take_calls(), std::vector<std::string>{});
    EXPECT_EQ(run("destroy --yes"), 0) << err();
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(StateRecover, TellsWhatItCouldNotMatch) {
    stacks.front().second = [](Stack& stack) {
        const fake::Box box{stack, "box", {.content = "books", .name = "box-a", .size = 3}};
        const fake::Box renamed{stack, "renamed", {.content = "tools", .name = "box-b"}};
        const fake::Box fresh{stack, "fresh", {.content = "maps", .name = "box-c"}};
    };
    lose_state();
    EXPECT_EQ(run("state recover shelf --yes"), 3);
    expect_golden("state_recover_unmatched.txt", out() + err());
    run("state list");
    EXPECT_NE(out().find("box-a"), std::string::npos);
    EXPECT_EQ(out().find("box-b"), std::string::npos);
}

TEST_F(StateRecover, AsksFirst) {
    lose_state();
    console.answers = {"no"};
    EXPECT_EQ(run("state recover shelf"), 1);
    EXPECT_EQ(run("state recover shelf"), 1) << "nobody can be asked";
    EXPECT_EQ(run("state list shelf"), 1) << "there is no state still";
}

TEST_F(StateRecover, HasNothingToDoWhereStateKnowsEverything) {
    EXPECT_EQ(run("state recover shelf"), 0) << err();
    EXPECT_EQ(out(), "shelf: nothing was found that state does not know.\n");
}

TEST_F(StateRecover, TakesOverOnlyWhatStateLacks) {
    run("state rm user");
    EXPECT_EQ(run("state recover shelf --yes"), 0) << err();
    EXPECT_NE(out().find("1 to import"), std::string::npos) << out();
    EXPECT_EQ(run("preview --exit-code"), 0) << out();
}

TEST_F(StateRecover, RefusesADamagedStateUntilItIsToldToPutItAside) {
    damage_state();
    EXPECT_EQ(run("state recover shelf --yes"), 5);
    EXPECT_NE(err().find("strata state recover shelf --set-aside"), std::string::npos) << err();

    EXPECT_EQ(run("state recover shelf --set-aside --yes"), 0) << err();
    EXPECT_NE(out().find("it was put aside"), std::string::npos) << out();
    EXPECT_TRUE(std::filesystem::exists(folder / ".strata/state/local/shelf.unreadable-20261121T034055Z"));
    EXPECT_EQ(run("preview --exit-code"), 0) << out();
    EXPECT_EQ(cloud.take_calls(), std::vector<std::string>{});
}

TEST_F(StateRecover, DoesNotPutAStateAsideThatCanBeOpened) {
    EXPECT_EQ(run("state recover shelf --set-aside --yes"), 0) << err();
    EXPECT_NE(out().find("it stays where it is"), std::string::npos) << out();
    EXPECT_EQ(run("preview --exit-code"), 0) << out();
}

TEST_F(StateRecover, LeavesALockedStackAlone) {
    damage_state();
    ASSERT_TRUE(real_files().replace(state_folder() / "lock", "garbage").ok());
    EXPECT_EQ(run("state recover shelf --yes"), 4);
    EXPECT_EQ(run("state recover shelf --set-aside --yes"), 4);
}

}  // namespace
}  // namespace strata::cli
