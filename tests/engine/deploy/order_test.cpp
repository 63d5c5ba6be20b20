#include <algorithm>

#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpInOrder : public testing::Test, public Harness {};

TEST_F(UpInOrder, MakesThingsBeforeWhatUsesThemAndTakesThemAwayAfter) {
    const auto program = [](Stack& stack) {
        const Box box{stack, "box", {.name = "box-a"}};
        Key{stack, "key", {.algorithm = "rsa", .box = box.etag()}};
    };
    EXPECT_EQ(up(program).calls, (Calls{"create box-a", "create key-1"}));
    EXPECT_EQ(destroy().calls, (Calls{"remove key-1", "remove box-a"}));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(UpInOrder, GoesOnWithOtherBranchesWhenOneFails) {
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

TEST_F(UpInOrder, WaitsForWhatItIsToldToDependOn) {
    const auto program = [](Stack& stack) {
        const Box first{stack, "first", {.name = "box-a"}};
        const Box second{stack, "second", {.name = "box-b"}, {.depends_on = {first}}};
        Box{stack, "third", {.name = "box-c"}, {.depends_on = {second}}};
    };
    EXPECT_EQ(up(program).calls, (Calls{"create box-a", "create box-b", "create box-c"}));
    EXPECT_EQ(destroy().calls, (Calls{"remove box-c", "remove box-b", "remove box-a"}));
}

TEST_F(UpInOrder, TakesAPartOffAfterTheCoreWasChanged) {
    up([](Stack& stack) { Box{stack, "box", {.content = "books", .lock = true, .name = "box-a", .rules = {"plain"}}}; });
    const auto result = up([](Stack& stack) { Box{stack, "box", {.content = "maps", .name = "box-a"}}; });

    ASSERT_EQ(result.calls.size(), 3U);
    EXPECT_EQ(result.calls.front(), "update box-a");
    for (const auto& step : result.plan.steps) EXPECT_EQ(step.after.empty(), step.facet == 0);
}

TEST_F(UpInOrder, WaitsForEverythingInAComponent) {
    struct Room : Component {
        explicit Room(const Scope& scope) : Component{scope, "room"} {
            const Box inner{*this, "a", {.name = "box-a"}};
            Box{*this, "b", {.name = "box-b"}, {.depends_on = {inner}}};
        }
    };
    const auto program = [](Stack& stack) {
        const Room room{stack};
        Box{stack, "after", {.name = "box-c"}, {.depends_on = {room}}};
    };
    EXPECT_EQ(up(program).calls, (Calls{"create box-a", "create box-b", "create box-c"}));
    EXPECT_EQ(up([](Stack&) {}).calls, (Calls{"remove box-c", "remove box-b", "remove box-a"}));
}

TEST_F(UpInOrder, LetsPartsOfTwoThingsUseEachOther) {
    const auto program = [](Stack& stack) {
        const Box left{stack, "left", {.name = "box-a", .rules = {"arn:fake:box-b"}}};
        Box{stack, "right", {.name = "box-b", .rules = {left.arn()}}};
    };
    const auto made = up(program);
    EXPECT_TRUE(made.ok()) << made.error_text();

    const auto gone = destroy();
    EXPECT_TRUE(gone.ok()) << gone.error_text();
    const auto at = [&](const std::string& call) { return std::ranges::find(gone.calls, call) - gone.calls.begin(); };
    EXPECT_LT(at("remove box-b rules"), at("remove box-a")) << "rules are taken off before what they name";
}

}  // namespace
}  // namespace strata::fake
