#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpResetting : public testing::Test, public Harness {};

void locked(Stack& stack) { Box{stack, "box", {.lock = true, .name = "box-a"}}; }
void reset_lock(Stack& stack) { Box{stack, "box", {.lock = reset, .name = "box-a"}}; }

TEST_F(UpResetting, TakesAPropertyBackToItsDefaultOnce) {
    up(locked);
    EXPECT_EQ(up(reset_lock).calls, Calls{"update box-a lock"});
    EXPECT_EQ(cloud.objects["box-a"].properties["Lock"], Value(false)) << "the service does not say that it is absent";

    EXPECT_FALSE(preview(reset_lock).plan.has_changes());
}

TEST_F(UpResetting, SaysNothingMoreWhenTheProgramForgetsAboutIt) {
    up(locked);
    up(reset_lock);
    up(one_box);

    EXPECT_FALSE(preview(one_box).plan.has_changes());
}

TEST_F(UpResetting, CallsNothingForWhatANewThingHasAnyway) {
    const auto result = up([](Stack& stack) { Box{stack, "box", {.lock = reset, .name = "box-a", .rules = none}}; });

    EXPECT_EQ(result.calls, Calls{"create box-a"});
    EXPECT_TRUE(state().find("box")->facets.contains("rules")) << "it is ours all the same";
}

TEST_F(UpResetting, TakesForeignItemsOutOfASetThatShallBeEmpty) {
    const auto program = [](Stack& stack) { Box{stack, "box", {.name = "box-a", .rules = none}}; };
    up(program);
    cloud.objects["box-a"].properties.set("Rules", Value::list({"any"}));

    EXPECT_EQ(up(program).calls, Calls{"update box-a rules"});
    EXPECT_TRUE(cloud.objects["box-a"].properties["Rules"].list()->empty());
}

}  // namespace
}  // namespace strata::fake
