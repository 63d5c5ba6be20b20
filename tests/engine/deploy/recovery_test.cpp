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

}  // namespace
}  // namespace strata::fake
