#include <gtest/gtest.h>

#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

/// An environment "prod" with two boxes, which hold data.
class Budget : public testing::Test, public Cli {
protected:
    Budget() {
        prod("");
        stacks.front().second = [](Stack& stack) {
            fake::Box{stack, "one", {.name = "box-1"}};
            fake::Box{stack, "two", {.name = "box-2"}};
            fake::Key{stack, "key", {.algorithm = "rsa"}};
        };
        variables["STRATA_PASSPHRASE"] = "correct horse battery staple";
        run("up --env prod --yes");
        stacks.front().second = [](Stack&) {};
        cloud.calls.clear();
    }
    void prod(const std::string& more) {
        write_config("prod", "account: 123456789012\nregion: ca-central-1\nencryption: {key: file}\n" + more);
    }
};

TEST_F(Budget, WithoutOneNothingThatHoldsDataGoesUnlessTheEnvironmentIsNamed) {
    EXPECT_EQ(run("up --env prod --yes"), 1);
    EXPECT_NE(err().find("2 resources with data would be deleted or replaced, the budget is 0: shelf one, shelf two."), std::string::npos)
        << err();
    EXPECT_NE(err().find("--allow prod"), std::string::npos);
    EXPECT_TRUE(cloud.calls.empty());

    EXPECT_EQ(run("up --env prod --yes --allow dev"), 1);
    EXPECT_NE(err().find("--allow names \"dev\""), std::string::npos) << err();
    EXPECT_EQ(run("up --env prod --yes --allow prod"), 0) << err();
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(Budget, AtATerminalTheNameCanBeTyped) {
    console.terminal = true;
    console.answers = {"yes"};
    EXPECT_EQ(run("destroy --env prod"), 1);
    EXPECT_NE(out().find("Type prod to go ahead"), std::string::npos) << out();
    console.answers = {"prod"};
    EXPECT_EQ(run("destroy --env prod"), 0) << err();
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(Budget, IsWhatTheEnvironmentSays) {
    prod("budget: {data_losses: 2, deletions: 2}\n");
    EXPECT_EQ(run("up --env prod --yes"), 1);
    EXPECT_NE(err().find("3 resources would be deleted or replaced, the budget is 2"), std::string::npos) << err();
    EXPECT_NE(err().find("prod.yaml:4"), std::string::npos) << err();
    prod("budget: {data_losses: 2}\n");
    EXPECT_EQ(run("up --env prod --yes"), 0) << err();
}

TEST_F(Budget, HoldsForASavedPlanToo) {
    const auto plan = (folder / "review.plan").string();
    run("preview --env prod --save-plan " + plan);
    EXPECT_EQ(run("up --plan " + plan), 1);
    EXPECT_TRUE(cloud.calls.empty());
    EXPECT_EQ(run("up --allow prod --plan " + plan), 0) << err();
}

TEST_F(Budget, LocalHasNone) {
    run("up --yes");
    EXPECT_EQ(run("destroy --yes"), 0) << err();
}

TEST_F(Budget, OfNonsenseIsAMistakeOfTheFile) {
    prod("budget: {data_losses: -1, deletion: 3}\n");
    EXPECT_EQ(run("preview --env prod"), 1);
    EXPECT_NE(err().find("budget.data_losses"), std::string::npos) << err();
    EXPECT_NE(err().find("Did you mean \"deletions\"?"), std::string::npos) << err();
}

}  // namespace
}  // namespace strata::cli
