#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

using Calls = std::vector<std::string>;

class Up : public testing::Test, public Harness {};

void one_box(Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a", .size = 3}}; }

TEST_F(Up, CreatesWhatIsNotThereAndThenChangesNothing) {
    const auto first = up(one_box);
    ASSERT_TRUE(first.errors.empty()) << first.errors.front().text();
    EXPECT_TRUE(first.outcome.ok());
    EXPECT_EQ(first.calls, Calls{"create box-a"});

    const auto before = *real_files().read(folder / "test" / "snapshot.json");
    const auto second = up(one_box);
    EXPECT_FALSE(second.plan.has_changes());
    EXPECT_EQ(*real_files().read(folder / "test" / "snapshot.json"), before);
    EXPECT_EQ(second.calls, Calls{});
    EXPECT_EQ(state().serial, 1U);
}

TEST_F(Up, SendsOnlyWhatWasChangedInTheProgram) {
    up(one_box);
    const auto changed = up([](Stack& stack) { Box{stack, "box", {.content = "tools", .name = "box-a", .size = 3}}; });

    ASSERT_EQ(changed.plan.resources.size(), 1U);
    const auto& changes = changed.plan.resources[0].facets[0].diff.changes;
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].path, "content");
    EXPECT_EQ(changes[0].origin, Origin::yours);
    EXPECT_EQ(changed.calls, Calls{"update box-a"});
}

TEST_F(Up, TellsDriftFromOurOwnChangesAndPutsItBack) {
    up(one_box);
    cloud.objects["box-a"].properties.set("Content", "stolen");

    const auto result = up(one_box);

    EXPECT_TRUE(result.plan.resources[0].drifted());
    EXPECT_EQ(result.plan.resources[0].facets[0].diff.changes[0].origin, Origin::drift);
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("books"));
}

TEST_F(Up, PutsBackAPartThatSomebodyTookOff) {
    const auto locked = [](Stack& stack) { Box{stack, "box", {.content = "books", .lock = true, .name = "box-a"}}; };
    up(locked);
    cloud.objects["box-a"].properties.erase("Lock");
    cloud.objects["box-a"].properties.erase("Content");

    const auto result = up(locked);

    EXPECT_EQ(result.calls, (Calls{"update box-a", "update box-a lock"}));
    EXPECT_EQ(cloud.objects["box-a"].properties["Lock"], Value(true));
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("books"));
}

TEST_F(Up, LeavesAloneWhatTheProgramNeverSet) {
    up(one_box);
    cloud.objects["box-a"].properties.set("Shelves", Value::list({"oak"}));
    cloud.objects["box-a"].properties["Tags"].map()->set("team", "data");

    EXPECT_FALSE(up(one_box).plan.has_changes());
}

TEST_F(Up, GoesBackToTheKnownDefaultOfAPropertyThatIsNoLongerSet) {
    up(one_box);
    const auto result = up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a"}}; });

    EXPECT_EQ(result.calls, Calls{"update box-a"});
    EXPECT_EQ(cloud.objects["box-a"].properties["Size"], Value(1));
}

TEST_F(Up, SaysWhatIsNoLongerManagedWhereNoDefaultIsKnown) {
    up(one_box);
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-a", .size = 3}}; });

    EXPECT_EQ(result.calls, Calls{});
    EXPECT_EQ(result.plan.resources[0].facets[0].diff.no_longer_managed, Calls{"content"});
}

TEST_F(Up, ShowsAnItemPutInAtTheHeadOfAListAsOneAddedItem) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a", .shelves = {"b", "c"}}}; });
    const auto result = preview([](Stack& stack) { Box{stack, "box", {.name = "box-a", .shelves = {"a", "b", "c"}}}; });

    const auto& changes = result.plan.resources[0].facets[0].diff.changes;
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].path, "shelves[0]");
    EXPECT_EQ(changes[0].after, Value("a"));
    EXPECT_FALSE(changes[0].before);
}

TEST_F(Up, ComparesSetsWithoutOrderAndTakesForeignItemsAsDrift) {
    const auto program = [](Stack& stack) { Box{stack, "box", {.name = "box-a", .rules = {"in", "out"}}}; };
    up(program);
    cloud.objects["box-a"].properties.set("Rules", Value::list({"out", "in"}));
    EXPECT_FALSE(preview(program).plan.has_changes());

    cloud.objects["box-a"].properties.set("Rules", Value::list({"out", "in", "any"}));
    const auto result = up(program);
    EXPECT_EQ(result.calls, Calls{"update box-a rules"});
    EXPECT_EQ(cloud.objects["box-a"].properties["Rules"].list()->size(), 2U);
}

TEST_F(Up, MakesThingsBeforeWhatUsesThemAndTakesThemAwayAfter) {
    const auto program = [](Stack& stack) {
        const Box box{stack, "box", {.name = "box-a"}};
        Key{stack, "key", {.algorithm = "rsa", .box = box.etag()}};
    };
    EXPECT_EQ(up(program).calls, (Calls{"create box-a", "create key-1"}));
    EXPECT_EQ(destroy().calls, (Calls{"remove key-1", "remove box-a"}));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(Up, ReplacesWithTheNewOneFirstWhereTwoCanExist) {
    up([](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; });
    const auto result = up([](Stack& stack) { Key{stack, "key", {.algorithm = "ed25519"}}; });

    EXPECT_EQ(result.calls, (Calls{"create key-2", "remove key-1"}));
}

TEST_F(Up, DeletesFirstWhenTheNameIsGivenAndStays) {
    up(one_box);
    options.selection.replaces = {"box"};
    const auto result = up(one_box);

    EXPECT_FALSE(result.plan.resources[0].create_first);
    EXPECT_EQ(result.calls, (Calls{"remove box-a", "create box-a"}));
}

TEST_F(Up, HonoursDeleteBeforeReplace) {
    up([](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; });
    cloud.objects["key-9"] = cloud.objects["key-1"];
    const auto result = up([](Stack& stack) { Key{stack, "key", {.algorithm = "ed25519"}, {.delete_before_replace = true}}; });

    EXPECT_EQ(result.calls.front(), "remove key-1");
}

TEST_F(Up, RefusesToReplaceWhatIsProtected) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.protect = true}}; });
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-b"}, {.protect = true}}; });

    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].summary, "A protected resource would be lost");
    EXPECT_EQ(result.calls, Calls{});
}

TEST_F(Up, KeepsAtTheServiceWhatIsToBeRetained) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.retain_on_delete = true}}; });
    const auto result = up([](Stack&) {});

    EXPECT_EQ(result.calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("box-a"));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(Up, ForgetsWhatTheProgramSaysToForget) {
    up(one_box);
    const auto result = up([](Stack& stack) { stack.forget("box"); });

    EXPECT_EQ(result.calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("box-a"));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(Up, IgnoresChangesThatItIsToldToIgnore) {
    const auto program = [](Stack& stack) {
        Box{stack, "box", {.content = "books", .name = "box-a", .size = 3}, {.ignore_changes = {"content"}}};
    };
    up(program);
    cloud.objects["box-a"].properties.set("Content", "theirs");
    EXPECT_FALSE(preview(program).plan.has_changes());

    up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a", .size = 4}, {.ignore_changes = {"content"}}}; });
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("theirs"));
}

TEST_F(Up, ReplacesOnChangesThatItIsToldToReplaceOn) {
    up(one_box);
    const auto result = preview(
        [](Stack& stack) { Box{stack, "box", {.content = "tools", .name = "box-a", .size = 3}, {.replace_on_changes = {"content"}}}; });

    EXPECT_EQ(result.plan.resources[0].action, PlanAction::replace);
}

TEST_F(Up, FollowsARenameByItsAlias) {
    up(one_box);
    const auto result =
        up([](Stack& stack) { Box{stack, "crate", {.content = "books", .name = "box-a", .size = 3}, {.aliases = {{"box"}}}}; });

    EXPECT_EQ(result.plan.resources[0].former_address, "box");
    EXPECT_EQ(result.calls, Calls{"update box-a"}) << "only the address tag changes";
    EXPECT_NE(state().find("crate"), nullptr);
    EXPECT_EQ(state().find("box"), nullptr);
}

TEST_F(Up, FollowsAMoveIntoAComponent) {
    up(one_box);
    const auto result = up([](Stack& stack) {
        struct Moved : Component {
            explicit Moved(const Scope& scope) : Component{scope, "shelf"} {
                Box{*this, "box", {.content = "books", .name = "box-a", .size = 3}, {.aliases = {{"/box"}}}};
            }
        };
        Moved{stack};
    });

    EXPECT_EQ(result.calls, Calls{"update box-a"});
    EXPECT_NE(state().find("shelf/box"), nullptr);
}

TEST_F(Up, FollowsAComponentThatWasRenamedWithAllBelowIt) {
    struct Room : Component {
        Room(const Scope& scope, std::string_view name, Options options = {}) : Component{scope, name, std::move(options)} {
            Box{*this, "box", {.name = "box-a"}};
        }
    };
    up([](Stack& stack) { Room{stack, "cellar"}; });
    const auto result = up([](Stack& stack) { Room{stack, "attic", {.aliases = {{"cellar"}}}}; });

    EXPECT_EQ(result.calls, Calls{"update box-a"});
    EXPECT_NE(state().find("attic/box"), nullptr);
}

TEST_F(Up, TakesOverWhatExistsByItsId) {
    cloud.objects["old"] = {
        .type = "fake.Box", .properties = {{"Name", "old"}, {"Content", "dust"}, {"Size", 3}}, .outputs = {{"Id", "old"}}, .token = {}};
    const auto result = up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "old", .size = 3}, {.import_id = "old"}}; });

    EXPECT_EQ(result.plan.resources[0].action, PlanAction::adopt);
    EXPECT_EQ(result.calls, Calls{"update old"});
    EXPECT_EQ(cloud.objects["old"].properties["Content"], Value("books"));
    EXPECT_NE(state().find("box"), nullptr);
}

TEST_F(Up, MakesAgainWhatSomebodyDeleted) {
    up(one_box);
    cloud.objects.clear();
    const auto result = up(one_box);

    EXPECT_TRUE(result.plan.resources[0].missing);
    EXPECT_EQ(result.calls, Calls{"create box-a"});
}

TEST_F(Up, ConfirmsAnAbsenceBeforeItBelievesIt) {
    up(one_box);
    cloud.batched_read_misses = {"box-a"};

    EXPECT_FALSE(up(one_box).plan.has_changes());
}

TEST_F(Up, NeverTakesWhatItCannotReadAsGone) {
    up(one_box);
    cloud.unreadable = {"box-a"};
    const auto result = up(one_box);

    EXPECT_EQ(result.plan.resources[0].action, PlanAction::unreadable);
    EXPECT_EQ(result.calls, Calls{});
    EXPECT_NE(state().find("box"), nullptr);
}

TEST_F(Up, GoesOnWithOtherBranchesWhenOneFails) {
    cloud.refuse = [](const Step& step) -> std::optional<Error> {
        if (step.address != "bad") return std::nullopt;
        return Error{.kind = ErrorKind::service, .summary = "Refused", .cause = "bad", .remedy = {}};
    };
    const auto result = up([](Stack& stack) {
        const Box bad{stack, "bad", {.name = "box-bad"}};
        Key{stack, "needs-bad", {.algorithm = "rsa", .box = bad.etag()}};
        Box{stack, "good", {.name = "box-good"}};
    });

    EXPECT_EQ(result.calls, Calls{"create box-good"});
    ASSERT_EQ(result.outcome.failures.size(), 1U);
    EXPECT_EQ(result.outcome.failures[0].address, "bad");
    EXPECT_EQ(result.outcome.skipped, 1U);
    EXPECT_NE(state().find("good"), nullptr);
    EXPECT_TRUE(state().open.empty());
}

TEST_F(Up, FindsWhatALostAnswerLeftBehindInsteadOfMakingItTwice) {
    cloud.lose_answer = [](const Step&) { return true; };
    const auto program = [](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; };
    const auto lost = up(program);
    ASSERT_EQ(lost.outcome.failures.size(), 1U);
    EXPECT_EQ(lost.outcome.failures[0].error.kind, ErrorKind::outcome_unknown);
    EXPECT_EQ(state().open.size(), 1U);

    cloud.lose_answer = {};
    const auto again = up(program);
    EXPECT_EQ(again.calls, Calls{});
    EXPECT_EQ(cloud.objects.size(), 1U);
    EXPECT_TRUE(state().open.empty());
    EXPECT_NE(state().find("key"), nullptr);
}

TEST_F(Up, WaitsUntilAThingIsReady) {
    cloud.polls_needed = 3;
    const auto result = up(one_box);

    EXPECT_TRUE(result.outcome.ok());
    EXPECT_EQ(*state().find("box")->outputs.find("Etag"), Value("v1"));
}

TEST_F(Up, HandsOverWhatIsInFlightWhenItIsInterrupted) {
    cloud.polls_needed = 1'000'000;
    cloud.refuse = [this](const Step&) -> std::optional<Error> {
        interrupt.ask(2);
        return std::nullopt;
    };
    const auto stopped = up(one_box);
    EXPECT_TRUE(stopped.outcome.interrupted);
    EXPECT_EQ(state().open.size(), 1U);
}

TEST_F(Up, SealsSecretsInStateAndKeepsOnlyAHashOfWriteOnlyOnes) {
    const auto program = [](Stack& stack) {
        Box{stack, "box", {.content = secret("canary-content"), .name = "box-a", .password = secret("canary-password")}};
    };
    up(program);

    const auto text = *real_files().read(folder / "test" / "snapshot.json");
    EXPECT_EQ(text.find("canary"), std::string::npos);
    EXPECT_NE(text.find("$secret"), std::string::npos);
    EXPECT_FALSE(up(program).plan.has_changes());

    const auto changed =
        up([](Stack& stack) { Box{stack, "box", {.content = secret("canary-content"), .name = "box-a", .password = secret("other")}}; });
    EXPECT_EQ(changed.calls, Calls{"update box-a"});
}

TEST_F(Up, LooksAtTargetsAndWhatTheyNeedOnly) {
    const auto program = [](Stack& stack) {
        const Box box{stack, "box", {.name = "box-a"}};
        Key{stack, "key", {.algorithm = "rsa", .box = box.id()}};
        Box{stack, "other", {.name = "box-b"}};
    };
    options.selection.targets = {"key"};

    EXPECT_EQ(up(program).calls, (Calls{"create box-a", "create key-1"}));
}

TEST_F(Up, ReportsEveryMistakeOfTheProgramAtOnce) {
    const auto result = up([](Stack& stack) {
        Box{stack, "a", {.name = "x", .size = -1}};
        Box{stack, "b", {.name = "y", .size = -2}};
    });

    ASSERT_EQ(result.errors.size(), 2U);
    EXPECT_NE(result.errors[0].cause.find("up_test.cpp:"), std::string::npos);
}

TEST_F(Up, RefusesTwoResourcesOfOneAddress) {
    const auto result = up([](Stack& stack) {
        Box{stack, "a", {.name = "x"}};
        Box{stack, "a", {.name = "y"}};
    });

    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].summary, "Two resources have one address");
}

TEST_F(Up, RefusesAnotherAccount) {
    cloud.account = "999999999999";
    const auto result = up(one_box);
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].kind, ErrorKind::wrong_account);
    EXPECT_EQ(result.calls, Calls{});
}

}  // namespace
}  // namespace strata::fake
