#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class Up : public testing::Test, public Harness {};

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
    EXPECT_EQ(state().updates.size(), 1U);
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

TEST_F(Up, LeavesAloneWhatMayBeUsedByWhatItCannotRead) {
    up([](Stack& stack) {
        const Key key{stack, "key", {.algorithm = "rsa"}};
        const Box inner{stack, "inner", {.content = key.id(), .name = "box-a"}};
        Box{stack, "outer", {.content = inner.id(), .name = "box-b"}};
        Box{stack, "apart", {.name = "box-c"}};
    });
    cloud.unreadable = {"box-b"};
    const auto result = up([](Stack&) {});

    EXPECT_EQ(result.calls, Calls{"remove box-c"});
    EXPECT_EQ(result.plan.counts().unreadable, 3U);
    EXPECT_NE(state().find("key"), nullptr);
}

TEST_F(Up, ReplacesNothingThatWhatItCannotReadUses) {
    const auto program = [](const char* algorithm) {
        return [algorithm](Stack& stack) {
            const Key key{stack, "key", {.algorithm = algorithm}};
            Box{stack, "box", {.content = key.id(), .name = "box-a"}};
            Box{stack, "other", {.content = key.id(), .name = "box-b"}};
        };
    };
    up(program("rsa"));
    cloud.unreadable = {"box-a"};

    EXPECT_EQ(up(program("ed25519")).calls, Calls{});
    cloud.unreadable.clear();
    EXPECT_EQ(up(program("ed25519")).calls.back(), "remove key-1");
}

TEST_F(Up, HoldsBackWhatNeedsAValueOfWhatItCannotRead) {
    const auto chain = [](Stack& stack) {
        const Box first{stack, "first", {.name = "box-a"}};
        const Box second{stack, "second", {.content = first.etag(), .name = "box-b"}};
        Box{stack, "third", {.content = second.etag(), .name = "box-c"}};
    };
    cloud.lose_answer = [](const Step& step) { return step.address == "first"; };
    up(chain);
    cloud.lose_answer = {};
    cloud.unreadable = {"box-a"};

    const auto result = up(chain);
    EXPECT_EQ(result.calls, Calls{});
    EXPECT_EQ(result.plan.counts().unreadable, 3U);
    EXPECT_TRUE(result.errors.empty()) << result.error_text();
    cloud.unreadable.clear();
    EXPECT_EQ(up(chain).calls, (Calls{"create box-b", "create box-c"}));
}

TEST_F(Up, DeletesWhatHasANameBeforeItMakesAnotherOfThatName) {
    up([](Stack& stack) { Box{stack, "old", {.content = "books", .name = "box-a"}}; });

    const auto result = up([](Stack& stack) { Box{stack, "new", {.content = "tools", .name = "box-a"}}; });
    EXPECT_EQ(result.calls, (Calls{"remove box-a", "create box-a"})) << result.error_text();
    EXPECT_TRUE(cloud.objects.contains("box-a"));
}

TEST_F(Up, WaitsUntilAThingIsReady) {
    cloud.polls_needed = 3;
    const auto result = up(one_box);

    EXPECT_TRUE(result.outcome.ok());
    EXPECT_EQ(*state().find("box")->outputs.find("Etag"), Value("v1"));
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

TEST_F(Up, SendsAWriteOnlyValueThatTheProgramSetsLater) {
    up(one_box);
    const auto result =
        up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a", .password = secret("canary"), .size = 3}}; });

    EXPECT_EQ(result.calls, Calls{"update box-a"});
}

}  // namespace
}  // namespace strata::fake
