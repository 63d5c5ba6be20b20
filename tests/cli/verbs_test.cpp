#include <algorithm>

#include <gtest/gtest.h>

#include "tests/cli/golden.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

class Verbs : public testing::Test, public Cli {};

std::size_t lines_in(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

TEST_F(Verbs, PreviewListsWhatIsToBeCreatedAndChangesNothing) {
    EXPECT_EQ(run("preview"), 0);

    expect_golden("preview_fresh.txt", out());
    EXPECT_TRUE(cloud.calls.empty());
    EXPECT_FALSE(std::filesystem::exists(folder / ".strata"));
}

TEST_F(Verbs, PreviewAnswersTwoOnlyWhenAskedTo) {
    EXPECT_EQ(run("preview --exit-code"), 2);
    run("up --yes");
    EXPECT_EQ(run("preview --exit-code"), 0);
}

TEST_F(Verbs, UpShowsCarriesOutAndPrintsOutputs) {
    EXPECT_EQ(run("up --yes"), 0) << err();

    expect_golden("up_fresh.txt", out());
    EXPECT_TRUE(cloud.objects.contains("box-a"));
}

TEST_F(Verbs, ASecondUpSaysInOneLineThatThereIsNothingToDo) {
    run("up --yes");
    cloud.calls.clear();

    EXPECT_EQ(run("up"), 0);

    EXPECT_EQ(out(), "Nothing to do: shelf as the program says (1 resource, read live in 0.0 s, 0 calls).\n");
    EXPECT_EQ(err(), "");
    EXPECT_TRUE(cloud.calls.empty());
}

TEST_F(Verbs, SeveralStacksWithNothingToDoStayBelowThreeLines) {
    for (const auto* name : {"a", "b", "c", "d"})
        stacks.emplace_back(name, [name](Stack& stack) { fake::Box{stack, "box", {.name = std::string{"crate-"} + name}}; });
    run("up --all --yes");

    EXPECT_EQ(run("up --all --yes"), 0);

    EXPECT_LE(lines_in(out()), 3U) << out();
}

TEST_F(Verbs, UpWhereNobodyCanBeAskedIsDeclined) {
    EXPECT_EQ(run("up"), 1);

    EXPECT_EQ(err(),
              "error: Declined\n  Nobody can be asked here: input or output is no terminal.\n  Nothing was changed. To go ahead without "
              "being asked, give --yes.\n");
    EXPECT_TRUE(cloud.calls.empty());
}

TEST_F(Verbs, UpAsksOnATerminalAndTakesNoForNo) {
    console.answers = {"no"};
    EXPECT_EQ(run("up"), 1);
    EXPECT_TRUE(cloud.calls.empty());

    console.answers = {"yes"};
    EXPECT_EQ(run("up"), 0);
    EXPECT_EQ(cloud.calls.size(), 1U);
}

TEST_F(Verbs, UpAfterAChangeSendsAndShowsExactlyThat) {
    run("up --yes");
    stacks.front().second = one_box("tools");

    EXPECT_EQ(run("up --yes"), 0);

    expect_golden("up_changed.txt", out());
}

TEST_F(Verbs, DestroyWantsTheStacksNameAndTakesEverythingDown) {
    run("up --yes");
    console.answers = {"yes"};
    EXPECT_EQ(run("destroy"), 1);
    console.answers = {"shelf"};
    EXPECT_EQ(run("destroy"), 0);

    EXPECT_TRUE(cloud.objects.empty());
    EXPECT_EQ(run("destroy --yes"), 0);
}

TEST_F(Verbs, DestroyOfAStackInUseIsRefused) {
    stacks.emplace_back("user", [](Stack& stack) {
        const auto arn = stack.reference<std::string>("shelf", "box_arn");
        fake::Box{stack, "other", {.content = arn, .name = "box-b"}};
    });
    ASSERT_EQ(run("up --all --yes"), 0) << err();

    EXPECT_EQ(run("destroy shelf --yes"), 1);

    EXPECT_NE(err().find("Outputs of shelf are used by: user."), std::string::npos) << err();
    EXPECT_EQ(run("destroy --all --yes"), 0) << err();
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(Verbs, AFailedStepNamesCauseAndAnswersThree) {
    cloud.refuse = [](const Step&) {
        return Error{.kind = ErrorKind::service, .summary = "The service refused", .cause = "The cupboard is full.", .remedy = "Empty it."};
    };

    EXPECT_EQ(run("up --yes"), 3);

    EXPECT_EQ(err(), "error: The service refused\n  box (create): The cupboard is full.\n  Empty it.\n");
}

TEST_F(Verbs, ALostAnswerAnswersNine) {
    cloud.lose_answer = [](const Step&) { return true; };
    EXPECT_EQ(run("up --yes"), 9);
}

TEST_F(Verbs, AnInterruptedRunSavesStateAndAnswersOneHundredAndThirty) {
    interrupt.ask(2);
    EXPECT_EQ(run("up --yes"), 130);
    EXPECT_TRUE(cloud.calls.empty());
}

TEST_F(Verbs, DriftShowsOnlyWhatOthersDid) {
    run("up --yes");
    EXPECT_EQ(run("drift --exit-code"), 0);
    stacks.front().second = one_box("tools");
    EXPECT_EQ(run("drift --exit-code"), 0);
    cloud.objects["box-a"].properties.set("Content", "stolen");

    EXPECT_EQ(run("drift"), 0);
    expect_golden("drift.txt", out());
    EXPECT_EQ(run("drift --exit-code"), 2);
}

TEST_F(Verbs, FullDriftShowsWhatTheProgramNeverSet) {
    stacks.front().second = [](Stack& stack) { fake::Box{stack, "box", {.name = "box-a"}}; };
    run("up --yes");
    cloud.objects["box-a"].properties.set("Size", 7);
    cloud.objects["box-a"].properties["Tags"].map()->set("team", "data");

    EXPECT_EQ(run("drift --exit-code"), 0);
    EXPECT_EQ(run("drift --full --exit-code"), 2);
    expect_golden("drift_full.txt", out());
}

TEST_F(Verbs, RefreshShowsThenTakesOverAndDriftIsSilentAfterwards) {
    run("up --yes");
    cloud.objects["box-a"].properties.set("Content", "stolen");

    EXPECT_EQ(run("refresh"), 1);
    EXPECT_EQ(run("refresh --yes"), 0);

    expect_golden("refresh.txt", out());
    EXPECT_EQ(run("drift --exit-code"), 0);
    run("preview");
    EXPECT_EQ(out().find("drift"), std::string::npos) << out();
    EXPECT_NE(out().find("\"stolen\" → \"books\""), std::string::npos) << out();
}

TEST_F(Verbs, UpRefreshOnlyIsRefresh) {
    run("up --yes");
    cloud.calls.clear();
    cloud.objects["box-a"].properties.set("Content", "stolen");

    EXPECT_EQ(run("up --refresh-only --yes"), 0);

    EXPECT_TRUE(cloud.calls.empty());
    EXPECT_EQ(run("drift --exit-code"), 0);
}

TEST_F(Verbs, ImportTakesWhatExistsAndChangesNothing) {
    cloud.objects["box-a"] = {.type = "fake.Box",
                              .properties = {{"Name", "box-a"}, {"Content", "old"}},
                              .outputs = {{"Id", "box-a"}, {"Arn", "arn:fake:box-a"}},
                              .token = {}};

    EXPECT_EQ(run("import box box-a --yes"), 0) << err();

    expect_golden("import.txt", out());
    EXPECT_TRUE(cloud.calls.empty());
    EXPECT_EQ(run("import box box-a --yes"), 1);
    EXPECT_EQ(run("import bix box-a --yes"), 1);
    EXPECT_NE(err().find("Did you mean \"box\"?"), std::string::npos);
}

TEST_F(Verbs, ImportOfWhatIsNotThereSaysSo) {
    EXPECT_EQ(run("import box box-a --yes"), 1);
    EXPECT_NE(err().find("there is no fake.Box with id \"box-a\""), std::string::npos) << err();
}

TEST_F(Verbs, OfflinePreviewLooksAtNothingAndSaysSo) {
    run("up --yes");
    const auto before = cloud.reads;
    EXPECT_EQ(run("preview --offline"), 0);
    EXPECT_EQ(cloud.reads, before);
    EXPECT_NE(out().find("from state alone"), std::string::npos);
}

TEST_F(Verbs, TargetsLeaveOthersAlone) {
    stacks.front().second = [](Stack& stack) {
        fake::Box{stack, "one", {.name = "box-1"}};
        fake::Box{stack, "two", {.name = "box-2"}};
    };
    EXPECT_EQ(run("up --yes --target one"), 0);
    EXPECT_TRUE(cloud.objects.contains("box-1"));
    EXPECT_FALSE(cloud.objects.contains("box-2"));
}

TEST_F(Verbs, ExcludingAComponentLeavesOutAllBelowIt) {
    stacks.front().second = [](Stack& stack) {
        const Component shelves{stack, "shelves"};
        fake::Box{shelves, "one", {.name = "box-1"}};
        fake::Box{stack, "two", {.name = "box-2"}};
    };
    EXPECT_EQ(run("up --yes --exclude shelves"), 0) << err();
    EXPECT_FALSE(cloud.objects.contains("box-1"));
    EXPECT_TRUE(cloud.objects.contains("box-2"));
}

TEST_F(Verbs, VersionAndHelpAreThere) {
    EXPECT_EQ(run("version"), 0);
    EXPECT_TRUE(out().starts_with("strata 0."));
    EXPECT_EQ(run("--help"), 0);
    expect_golden("help.txt", out());
    EXPECT_EQ(run("up --help"), 0);
    expect_golden("help_up.txt", out());
}

}  // namespace
}  // namespace strata::cli
