#include <algorithm>

#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpAfterTrouble : public testing::Test, public Harness {};

TEST_F(UpAfterTrouble, FindsWhatALostAnswerLeftBehindInsteadOfMakingItTwice) {
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

TEST_F(UpAfterTrouble, HandsOverWhatIsInFlightWhenItIsInterrupted) {
    cloud.polls_needed = 1'000'000;
    cloud.refuse = [this](const Step&) -> std::optional<Error> {
        interrupt.ask(2);
        return std::nullopt;
    };
    const auto stopped = up(one_box);
    EXPECT_TRUE(stopped.outcome.interrupted);
    EXPECT_EQ(state().open.size(), 1U);
}

TEST_F(UpAfterTrouble, MakesItAnewWhenALostRequestLeftNothing) {
    cloud.lose_answer = [this](const Step&) {
        cloud.objects.clear();
        return true;
    };
    const auto program = [](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; };
    up(program);
    cloud.lose_answer = {};

    EXPECT_EQ(up(program).calls, Calls{"create key-2"});
    EXPECT_TRUE(state().open.empty());
}

TEST_F(UpAfterTrouble, ShowsInAPreviewWhatAnOrphanBecomesAndWritesNothing) {
    cloud.lose_answer = [](const Step&) { return true; };
    const auto program = [](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; };
    up(program);
    cloud.lose_answer = {};

    EXPECT_FALSE(preview(program).plan.has_changes());
    EXPECT_EQ(state().open.size(), 1U);
}

void box_with_rules(Stack& stack) { Box{stack, "box", {.name = "box-a", .rules = {"in"}}}; }

/// The last part is made, and nobody hears of it.
bool is_rules(const Step& step) { return step.facet == 2; }

TEST_F(UpAfterTrouble, TakesAThingDownWithThePartWhoseMakingWasCutOff) {
    cloud.lose_answer = is_rules;
    up(box_with_rules);
    cloud.lose_answer = {};

    EXPECT_EQ(destroy().calls, (Calls{"remove box-a rules", "remove box-a"}));
}

TEST_F(UpAfterTrouble, MakesThePartThatWasNotMadeWithoutCallingThatDrift) {
    cloud.refuse = [](const Step& step) {
        return is_rules(step) ? std::optional{Error{.kind = ErrorKind::outcome_unknown, .summary = "The request was lost"}} : std::nullopt;
    };
    up(box_with_rules);
    cloud.refuse = {};
    const auto again = up(box_with_rules);

    EXPECT_EQ(again.calls, Calls{"create box-a rules"});
    EXPECT_FALSE(again.plan.resources[0].drifted());
}

TEST_F(UpAfterTrouble, CountsAPartThatWasMadeAsOurs) {
    cloud.lose_answer = is_rules;
    up(box_with_rules);
    cloud.lose_answer = {};
    const auto changed = up([](Stack& stack) { Box{stack, "box", {.name = "box-a", .rules = {"out"}}}; });

    EXPECT_EQ(changed.calls, Calls{"update box-a rules"});
    EXPECT_FALSE(changed.plan.resources[0].drifted());
}

TEST_F(UpAfterTrouble, TakesDownWhatItFoundAfterWhatUsesIt) {
    const auto program = [](Stack& stack) {
        const Box box{stack, "box", {.name = "box-a"}};
        Key{stack, "key", {.algorithm = "rsa", .box = box.id()}};
    };
    cloud.lose_answer = [](const Step& step) { return step.address == "key"; };
    up(program);
    cloud.lose_answer = {};
    options.destroy = true;

    EXPECT_EQ(up(program).calls, (Calls{"remove key-1", "remove box-a"}));
}

TEST_F(UpAfterTrouble, ForgetsNothingBecauseItLooksInAnotherAccount) {
    cloud.lose_answer = [](const Step&) { return true; };
    const auto program = [](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; };
    up(program);
    cloud.lose_answer = {};
    cloud.account = "999999999999";
    const auto elsewhere = up(program);

    ASSERT_EQ(elsewhere.errors.size(), 1U);
    EXPECT_EQ(elsewhere.errors[0].kind, ErrorKind::wrong_account);
    EXPECT_EQ(state().open.size(), 1U);
}

/// What a replacement has set aside and could not delete.
class UpAfterHalfAReplacement : public testing::Test, public Harness {
protected:
    /// A box that is used by another, then both with another name: the new ones are there, the old ones could not be deleted.
    void leave_the_old_ones() {
        up(program("a"));
        cloud.refuse = [](const Step& step) {
            const bool old = step.action == StepAction::remove;
            return old ? std::optional{Error{.kind = ErrorKind::service, .summary = "Not now"}} : std::nullopt;
        };
        up(program("b"));
        cloud.refuse = {};
    }

    static Program program(const std::string& letter) {
        return [letter](Stack& stack) {
            const Box inner{stack, "inner", {.name = "inner-" + letter, .rules = {"in"}}};
            Box{stack, "outer", {.content = inner.id(), .name = "outer-" + letter, .rules = {"out"}}};
        };
    }
};

TEST_F(UpAfterHalfAReplacement, TakesTheOldOnesDownWithTheirPartsAndUsersFirst) {
    leave_the_old_ones();
    ASSERT_EQ(state().deposed.size(), 2U);

    const auto calls = up(program("b")).calls;
    const auto at = [&](const std::string& call) { return std::ranges::find(calls, call) - calls.begin(); };
    EXPECT_EQ(calls.size(), 4U);
    EXPECT_LT(at("remove outer-a rules"), at("remove outer-a"));
    EXPECT_LT(at("remove inner-a rules"), at("remove inner-a"));
    EXPECT_LT(at("remove outer-a"), at("remove inner-a"));
    EXPECT_TRUE(state().deposed.empty());
    EXPECT_TRUE(state().find("outer")->facets.contains("rules")) << "that of the new one stays";
}

TEST_F(UpAfterHalfAReplacement, GivesTheirNamesBackWhenTheyAreWantedAgain) {
    leave_the_old_ones();

    const auto result = up(program("a"));
    EXPECT_TRUE(result.ok()) << result.error_text();
    const auto at = [&](const std::string& call) { return std::ranges::find(result.calls, call) - result.calls.begin(); };
    EXPECT_LT(at("remove outer-a"), at("remove inner-a"));
    EXPECT_LT(at("remove inner-a"), at("create inner-a"));
    EXPECT_LT(at("create outer-a"), at("remove outer-b"));
    EXPECT_LT(at("remove outer-b"), at("remove inner-b"));
    EXPECT_TRUE(state().deposed.empty());
    EXPECT_EQ(up(program("a")).calls, Calls{});
}

TEST_F(UpAfterHalfAReplacement, TakesTheOldOneDownWhenWhatUsesItWasMoved) {
    up([](Stack& stack) {
        const Key key{stack, "key", {.algorithm = "rsa"}};
        Box{stack, "box", {.content = key.id(), .name = "box-a"}};
    });
    cloud.refuse = [](const Step& step) {
        const bool moves = step.action == StepAction::update;
        return moves ? std::optional{Error{.kind = ErrorKind::service, .summary = "Not now"}} : std::nullopt;
    };
    const auto other_key = [](Stack& stack) {
        const Key key{stack, "key", {.algorithm = "ed25519"}};
        Box{stack, "box", {.content = key.id(), .name = "box-a"}};
    };
    up(other_key);
    cloud.refuse = {};
    ASSERT_EQ(state().deposed.size(), 1U);

    EXPECT_EQ(up(other_key).calls, (Calls{"update box-a", "remove key-1"}));
    EXPECT_TRUE(state().deposed.empty());
}

// --- what was handed over ---

class UpAfterAnInterrupt : public testing::Test, public Harness {
protected:
    /// Interrupts a command in its first wait, so long that it would not end by itself.
    template <typename Command>
    UpResult interrupted(const Command& command) {
        cloud.polls_needed = cloud.polls_to_change = 1'000'000;
        cloud.refuse = [this](const Step&) -> std::optional<Error> {
            interrupt.ask(2);
            return std::nullopt;
        };
        auto result = command();
        EXPECT_TRUE(result.outcome.interrupted) << result.error_text();
        cloud.refuse = {};
        cloud.polls_needed = cloud.polls_to_change = 0;
        cloud.ready = true;
        forget_interrupt();
        events.clear();
        return result;
    }
    [[nodiscard]] bool told(Event::Kind kind, const std::string& address, const std::string& text) const {
        return std::ranges::any_of(
            events, [&](const Event& event) { return event.kind == kind && event.address == address && event.text == text; });
    }
    static void key_and_box(Stack& stack) {
        const Key key{stack, "key", {.algorithm = "rsa"}};
        const Box box{stack, "box", {.content = key.id(), .lock = true, .name = "box-a"}};
    }
};

TEST_F(UpAfterAnInterrupt, GoesOnWaitingForWhatWasBeingCreatedAndThenMakesWhatNeedsIt) {
    interrupted([&] { return up(&key_and_box); });
    ASSERT_EQ(state().open.size(), 1U);
    EXPECT_EQ(state().open.begin()->second.id, "key-1");

    const auto again = up(&key_and_box);

    EXPECT_TRUE(again.ok()) << again.error_text();
    EXPECT_EQ(again.calls, (Calls{"create box-a", "create box-a lock"}));
    EXPECT_TRUE(told(Event::Kind::recovered, "key", "still being created: key-1"));
    EXPECT_TRUE(told(Event::Kind::step_progress, "key", "still being created"));
    EXPECT_TRUE(state().open.empty());
    ASSERT_NE(state().find("key"), nullptr);
    EXPECT_EQ(state().find("key")->token, cloud.objects["key-1"].token);
    EXPECT_FALSE(up(&key_and_box).plan.has_changes());
}

TEST_F(UpAfterAnInterrupt, MayBeInterruptedAgain) {
    interrupted([&] { return up(&key_and_box); });
    cloud.ready = false;
    interrupt.ask(2);
    up(&key_and_box);
    forget_interrupt();
    cloud.ready = true;
    EXPECT_EQ(state().open.size(), 1U);

    EXPECT_EQ(up(&key_and_box).calls, (Calls{"create box-a", "create box-a lock"}));
    EXPECT_EQ(cloud.keys_made, 1);
}

TEST_F(UpAfterAnInterrupt, ShowsInAPreviewThatItIsStillBeingCreated) {
    interrupted([&] { return up(&key_and_box); });
    const auto seen = preview(&key_and_box);
    ASSERT_EQ(seen.plan.resources.size(), 2U);
    EXPECT_EQ(seen.plan.resources[0].action, PlanAction::create);
    EXPECT_EQ(seen.plan.resources[0].reasons, std::vector<std::string>{"still being created: an earlier run began it"});
    EXPECT_EQ(state().open.size(), 1U);
}

TEST_F(UpAfterAnInterrupt, DoesNotTrustASearchThatDoesNotShowYetWhatTheServiceHasNamed) {
    interrupted([&] { return up(&key_and_box); });
    for (auto& [id, object] : cloud.objects) object.token.clear();  // what a search by token finds: nothing
    EXPECT_EQ(up(&key_and_box).calls, (Calls{"create box-a", "create box-a lock"}));
}

TEST_F(UpAfterAnInterrupt, TakesWhatTheProgramWantsOtherwiseByNowAndReplacesIt) {
    interrupted([&] { return up(&key_and_box); });
    const auto changed = up([](Stack& stack) { const Key key{stack, "key", {.algorithm = "ed25519"}}; });
    EXPECT_TRUE(changed.ok()) << changed.error_text();
    EXPECT_EQ(changed.calls, (Calls{"create key-2", "remove key-1"}));
    EXPECT_TRUE(state().open.empty());
}

TEST_F(UpAfterAnInterrupt, DeletesWhatTheProgramHasNoLonger) {
    interrupted([&] { return up(&key_and_box); });
    EXPECT_EQ(up([](Stack&) {}).calls, Calls{"remove key-1"});
    EXPECT_TRUE(state().open.empty());
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(UpAfterAnInterrupt, LeavesOpenWhatIsNotChosen) {
    interrupted([&] { return up(&key_and_box); });
    options.selection.targets = {"other"};
    const auto other = up([](Stack& stack) {
        key_and_box(stack);
        const Box more{stack, "other", {.content = "x", .name = "box-b"}};
    });
    EXPECT_EQ(other.calls, Calls{"create box-b"});
    EXPECT_EQ(state().open.size(), 1U);
}

TEST_F(UpAfterAnInterrupt, GoesOnWithAReplacement) {
    up([](Stack& stack) { const Key key{stack, "key", {.algorithm = "rsa"}}; });
    const auto wanted = [](Stack& stack) { const Key key{stack, "key", {.algorithm = "ed25519"}}; };
    interrupted([&] { return up(wanted); });
    EXPECT_EQ(cloud.keys_made, 2);

    const auto again = up(wanted);
    EXPECT_EQ(again.calls, Calls{"remove key-1"});
    EXPECT_EQ(state().find("key")->id, "key-2");
    EXPECT_TRUE(state().deposed.empty());
}

TEST_F(UpAfterAnInterrupt, AGeneratedNameStaysTheOneThatWasSent) {
    const auto nameless = [](Stack& stack) { const Box box{stack, "box", {.content = "x"}}; };
    interrupted([&] { return up(nameless); });
    ASSERT_EQ(cloud.objects.size(), 1U);
    EXPECT_EQ(up(nameless).calls, Calls{});
    EXPECT_EQ(state().find("box")->id, cloud.objects.begin()->first);
}

TEST_F(UpAfterAnInterrupt, TaintsWhatTurnsOutNotToBecomeUsable) {
    interrupted([&] { return up(&key_and_box); });
    cloud.poll_fails = true;
    const auto again = up(&key_and_box);
    EXPECT_EQ(again.outcome.failures.size(), 1U);
    ASSERT_NE(state().find("key"), nullptr);
    EXPECT_TRUE(state().find("key")->tainted);
    EXPECT_TRUE(state().open.empty());
}

TEST_F(UpAfterAnInterrupt, GoesOnWaitingForWhatWasBeingDeleted) {
    up(one_box);
    interrupted([&] { return destroy(); });
    ASSERT_EQ(state().open.size(), 1U);

    const auto again = destroy();
    EXPECT_TRUE(again.ok()) << again.error_text();
    EXPECT_EQ(again.calls, Calls{});
    EXPECT_TRUE(told(Event::Kind::step_progress, "box", "still being deleted"));
    EXPECT_TRUE(cloud.objects.empty());
    EXPECT_TRUE(state().resources.empty());
    EXPECT_TRUE(state().open.empty());
}

TEST_F(UpAfterAnInterrupt, LetsAReplacementsOldOneGoBeforeTheNewOneComes) {
    up(one_box);
    const auto anew = [](Stack& stack) {
        const Box box{stack, "box", {.content = "books", .name = "box-a", .size = 3}, {.replace_on_changes = {"size"}}};
    };
    const auto larger = [](Stack& stack) {
        const Box box{stack, "box", {.content = "books", .name = "box-a", .size = 4}, {.replace_on_changes = {"size"}}};
    };
    up(anew);
    interrupted([&] { return up(larger); });
    ASSERT_EQ(state().open.size(), 1U);
    EXPECT_EQ(state().open.begin()->second.action, "remove");

    const auto again = up(larger);
    EXPECT_TRUE(again.ok()) << again.error_text();
    EXPECT_EQ(again.calls, Calls{"create box-a"});
    EXPECT_EQ(cloud.objects.size(), 1U);
}

TEST_F(UpAfterAnInterrupt, WaitsForWhatWasBeingUpdatedThoughNothingDiffersAnyMore) {
    up(one_box);
    const auto changed = [](Stack& stack) { const Box box{stack, "box", {.content = "maps", .name = "box-a", .size = 3}}; };
    interrupted([&] { return up(changed); });
    cloud.pending = {"box-a"};

    const auto again = up(changed);
    EXPECT_TRUE(again.ok()) << again.error_text();
    EXPECT_EQ(again.calls, Calls{}) << "there is nothing to send";
    ASSERT_EQ(again.plan.steps.size(), 1U);
    EXPECT_EQ(again.plan.resources[0].reasons, std::vector<std::string>{"still being changed: an earlier run began it"});

    cloud.pending.clear();
    EXPECT_FALSE(up(changed).plan.has_changes());
}

}  // namespace
}  // namespace strata::fake
