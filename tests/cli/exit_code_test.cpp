#include <fstream>

#include <gtest/gtest.h>

#include "tests/cli/golden.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

class ExitCodes : public testing::Test, public Cli {
protected:
    [[nodiscard]] std::filesystem::path state_folder() const { return folder / ".strata/state/local/shelf"; }
};

TEST_F(ExitCodes, OneForAnUnknownVerbWithTheNearestOne) {
    EXPECT_EQ(run("prevew"), 1);
    EXPECT_EQ(err(),
              "error: Unknown command\n  strata has no command \"prevew\".\n  Did you mean \"preview\"?\n  See what there is:\n    strata "
              "--help\n");
}

TEST_F(ExitCodes, OneForAnUnknownFlagWithTheNearestOne) {
    EXPECT_EQ(run("up --parralel 4"), 1);
    EXPECT_NE(err().find("strata up has no flag \"--parralel\".\n  Did you mean \"--parallel\"?"), std::string::npos) << err();
}

TEST_F(ExitCodes, OneForAVerbThatIsMissingItsWords) {
    EXPECT_EQ(run("state show"), 1);
    EXPECT_NE(err().find("error: Wrong usage\n  strata state show: ADDRESS is required."), std::string::npos) << err();
    EXPECT_EQ(run(std::vector<std::string>{}), 1);
    EXPECT_NE(err().find("error: Command is missing\n  strata wants one of: up, preview,"), std::string::npos) << err();
    EXPECT_EQ(run(std::vector<std::string>{"state"}), 1);
    EXPECT_NE(err().find("strata state wants one of: list, show,"), std::string::npos) << err();
}

TEST_F(ExitCodes, OneForANumberThatIsNone) {
    EXPECT_EQ(run("up --parallel many"), 1);
    EXPECT_NE(err().find("--parallel"), std::string::npos) << err();
}

TEST_F(ExitCodes, OneForAnUnknownStack) {
    EXPECT_EQ(run("preview shelv"), 1);
    EXPECT_EQ(err(), "error: Unknown stack\n  The program has no stack \"shelv\". It has: shelf.\n  Did you mean \"shelf\"?\n");
}

TEST_F(ExitCodes, OneWhenSeveralStacksArePossibleAndNoneIsNamed) {
    stacks.emplace_back("cellar", one_box());
    EXPECT_EQ(run("preview"), 1);
    EXPECT_EQ(err(), "error: Which stacks?\n  The program has several: shelf, cellar.\n  Name one or more, or give --all.\n");
}

TEST_F(ExitCodes, OneForAnUnknownEnvironment) {
    EXPECT_EQ(run("preview --env locol"), 1);
    EXPECT_NE(err().find("Unknown environment"), std::string::npos);
    EXPECT_NE(err().find("Did you mean \"local\"?"), std::string::npos) << err();
}

TEST_F(ExitCodes, TheEnvironmentComesFromTheVariableWhenNoFlagNamesIt) {
    variables["STRATA_ENV"] = "prod";
    EXPECT_EQ(run("preview"), 1);
    EXPECT_NE(err().find("prod.yaml"), std::string::npos) << err();
    EXPECT_EQ(run("preview --env local"), 0);
}

TEST_F(ExitCodes, OneForEveryMistakeInTheConfigurationAtOnce) {
    write_config("local", "acount: 1\nregion: ca-central-1\nstat: x\n");
    EXPECT_EQ(run("preview"), 1);
    EXPECT_NE(err().find("acount"), std::string::npos) << err();
    EXPECT_NE(err().find("stat"), std::string::npos) << err();
}

TEST_F(ExitCodes, OneForAnAddressThatNothingHasWithTheNearestOne) {
    stacks.front().second = [](Stack& stack) { fake::Box{stack, "box", {.name = "box-a"}}; };
    EXPECT_EQ(run("up --yes --target bix --exclude elsewhere --replace box"), 1);
    EXPECT_EQ(err(),
              "error: Unknown address\n  Nothing in shelf has the address \"bix\".\n  Did you mean \"box\"?\n"
              "error: Unknown address\n  Nothing in shelf has the address \"elsewhere\".\n"
              "  Write it as plans show it; a component's name stands for all below it, * for any text.\n");
    EXPECT_TRUE(cloud.calls.empty());
    EXPECT_EQ(run("preview --target b*"), 0) << err();
}

TEST_F(ExitCodes, OneForEveryMistakeOfTheProgramAtOnce) {
    stacks.front().second = [](Stack& stack) {
        fake::Box{stack, "a", {.name = "a", .size = -1}};
        fake::Box{stack, "b", {.name = "b", .size = -2}};
    };
    EXPECT_EQ(run("preview"), 1);
    EXPECT_NE(err().find("a (fake.Box) size: it is below 0."), std::string::npos) << err();
    EXPECT_NE(err().find("b (fake.Box) size: it is below 0."), std::string::npos) << err();
}

TEST_F(ExitCodes, OneForAnUpThatNeedsAStackWhichIsNotDeployed) {
    stacks.emplace_back("user", [](Stack& stack) {
        fake::Box{stack, "other", {.content = stack.reference<std::string>("shelf", "box_arn"), .name = "box-b"}};
    });
    EXPECT_EQ(run("preview user"), 0);
    EXPECT_NE(err().find("warning: Output of another stack is not there"), std::string::npos) << err();
    EXPECT_EQ(run("up user --yes"), 1);
    EXPECT_NE(err().find("strata up shelf"), std::string::npos) << err();
    EXPECT_TRUE(cloud.calls.empty());
}

TEST_F(ExitCodes, FourWhileAnotherRunHoldsTheLock) {
    int inner = -1;
    std::string said;
    cloud.refuse = [&](const Step&) -> std::optional<Error> {
        Cli other;
        std::filesystem::remove_all(other.folder / ".strata");
        std::filesystem::create_directory_symlink(folder / ".strata", other.folder / ".strata");
        inner = other.run("up --yes");
        said = other.err();
        return std::nullopt;
    };
    EXPECT_EQ(run("up --yes"), 0) << err();
    EXPECT_EQ(inner, 4);
    EXPECT_NE(said.find("held for \"up\" by tester@"), std::string::npos) << said;
}

TEST_F(ExitCodes, FiveForStateThatCannotBeRead) {
    run("up --yes");
    ASSERT_TRUE(real_files().replace(state_folder() / "snapshot.json", "{\"format\": 1, \"sta").ok());
    EXPECT_EQ(run("preview"), 5);
    EXPECT_EQ(run("up --yes"), 5);
    EXPECT_EQ(run("state list"), 5);
}

TEST_F(ExitCodes, FiveForStateThatIsSealedWithAnotherKey) {
    stacks.front().second = [](Stack& stack) { fake::Box{stack, "box", {.content = secret("open sesame"), .name = "box-a"}}; };
    ASSERT_EQ(run("up --yes"), 0) << err();
    ASSERT_TRUE(real_files().replace(folder / ".strata/key", std::string(64, 'a') + "\n").ok());
    EXPECT_EQ(run("preview"), 5);
}

TEST_F(ExitCodes, SixWhenStateCannotBeWritten) {
    files.unwritable = ".strata/state";
    EXPECT_EQ(run("up --yes"), 6);
    EXPECT_TRUE(cloud.calls.empty());
}

TEST_F(ExitCodes, SixWithARecoveryFileWhenTheDiskFillsUpInTheMiddle) {
    stacks.front().second = [](Stack& stack) {
        fake::Box one{stack, "one", {.content = secret("open sesame"), .name = "box-1"}};
        fake::Box{stack, "two", {.content = one.arn(), .name = "box-2"}};
    };
    files.unwritable = "journal/0";
    files.writes_before_failing = 2;

    EXPECT_EQ(run("up --yes"), 6) << err();

    const auto at = err().find("<folder>/strata-recovery-local-shelf-");
    ASSERT_NE(at, std::string::npos) << err();
    auto path = err().substr(at, err().find(".json", at) + 5 - at);
    path.replace(0, 8, folder.string());
    const auto document = real_files().read(path);
    ASSERT_TRUE(document.ok());
    EXPECT_EQ(document->find("open sesame"), std::string::npos);
    EXPECT_NE(document->find("\"shelf\""), std::string::npos);
}

TEST_F(ExitCodes, SevenForTheWrongAccount) {
    cloud.account = "999999999999";
    EXPECT_EQ(run("preview"), 7);
    EXPECT_NE(err().find("says account 123456789012"), std::string::npos) << err();
}

TEST_F(ExitCodes, OneForAResourceThatIsProtected) {
    stacks.front().second = [](Stack& stack) { fake::Box{stack, "box", {.name = "box-a"}, {.protect = true}}; };
    run("up --yes");
    EXPECT_EQ(run("destroy --yes"), 1);
    EXPECT_NE(err().find("box is protected"), std::string::npos) << err();
    EXPECT_TRUE(cloud.objects.contains("box-a"));
}

class Stale : public ExitCodes {
protected:
    void save() {
        run("up --yes");
        stacks.front().second = one_box("tools");
        ASSERT_EQ(run({"preview", "--save-plan", plan}), 0) << err();
        cloud.calls.clear();
    }
    void expect_refused(std::string_view why) {
        EXPECT_EQ(run({"up", "--plan", plan}), 8);
        EXPECT_NE(err().find(why), std::string::npos) << err();
        EXPECT_TRUE(cloud.calls.empty());
    }
    const std::string plan = (folder / "review.plan").string();
};

TEST_F(Stale, APlanThatFitsIsCarriedOutWithoutAsking) {
    save();
    EXPECT_EQ(run({"up", "--plan", plan}), 0) << err();
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("tools"));
    cloud.calls.clear();
    expect_refused("shelf: the state's serial was 5 and is now 8");
}

TEST_F(Stale, EightWhenTheProgramChanged) {
    save();
    stacks.front().second = one_box("weapons");
    expect_refused("shelf: the program (hash of what it declares) was");
}

TEST_F(Stale, EightWhenSomebodyChangedWhatIsLive) {
    save();
    cloud.objects["box-a"].properties.set("Size", 9);
    expect_refused("shelf: resource \"update box\": changes was");
}

TEST_F(Stale, EightWhenSomebodyChangedWhatThePlanDoesNotEvenTouchOfAThing) {
    save();
    cloud.objects["box-a"].properties.set("Shelves", Value::list({"upper"}));
    expect_refused("shelf: resource \"box\" was changed outside of Strata since the plan was made");
}

TEST_F(Stale, EightForAnotherAccount) {
    save();
    auto content = *real_files().read(plan);
    content.replace(content.find("123456789012"), 12, "999999999999");
    ASSERT_TRUE(real_files().replace(plan, content).ok());
    expect_refused("shelf: account was \"999999999999\" and is now \"123456789012\"");
}

TEST_F(Stale, EightForAnotherEnvironment) {
    write_config("other", "account: 123456789012\nregion: ca-central-1\nencryption: {key: file}\n");
    save();
    EXPECT_EQ(run({"up", "--plan", plan, "--env", "other"}), 8);
    EXPECT_NE(err().find("it was made for the environment local, and this is other"), std::string::npos) << err();
}

TEST_F(Stale, EightForAFileThatIsNoPlan) {
    ASSERT_TRUE(real_files().replace(plan, "[]").ok());
    expect_refused("it is no saved plan");
}

TEST_F(Stale, APlanHoldsNoSecret) {
    stacks.front().second = [](Stack& stack) {
        fake::Box{stack, "box", {.content = secret("open sesame"), .name = "box-a", .password = secret("hunter2")}};
    };
    ASSERT_EQ(run({"preview", "--save-plan", plan}), 0) << err();
    const auto content = *real_files().read(plan);
    EXPECT_EQ(content.find("sesame"), std::string::npos);
    EXPECT_EQ(content.find("hunter2"), std::string::npos);
    EXPECT_EQ(run({"up", "--plan", plan}), 0) << err();
}

TEST_F(Stale, StacksAndPlanDoNotGoTogether) {
    save();
    EXPECT_EQ(run({"up", "shelf", "--plan", plan}), 1);
}

}  // namespace
}  // namespace strata::cli
