#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class Importing : public testing::Test, public Harness {
protected:
    Importing() {
        cloud.objects["old"] = {.type = "fake.Box",
                                .properties = {{"Name", "old"}, {"Content", "books"}, {"Size", 3}},
                                .outputs = {{"Id", "old"}},
                                .token = {}};
    }
};

void old_box(Stack& stack) { Box{stack, "box", {.content = "books", .name = "old", .size = 3}}; }

TEST_F(Importing, TakesAThingIntoStateWithoutAChange) {
    cloud.objects["old"].properties.set("Tags", Value::map({{"strata:stack", "test.dev"}, {"strata:address", "box"}}));
    const auto result = import(old_box, "box", "old");

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, Calls{});
    EXPECT_FALSE(preview(old_box).plan.has_changes());
}

TEST_F(Importing, LeavesDifferencesToTheNextUp) {
    import(old_box, "box", "old");
    const auto next = up(old_box);

    EXPECT_EQ(next.plan.resources[0].action, PlanAction::update);
    EXPECT_EQ(next.calls, Calls{"update old"}) << "its tags";
    EXPECT_FALSE(preview(old_box).plan.has_changes());
}

TEST_F(Importing, TakesOverWhatOnlyStateCanHold) {
    const auto program = [](Stack& stack) { Box{stack, "box", {.content = "books", .force = true, .name = "old", .size = 3}}; };
    cloud.objects["old"].properties.set("Tags", Value::map({{"strata:stack", "test.dev"}, {"strata:address", "box"}}));
    import(program, "box", "old");

    EXPECT_FALSE(preview(program).plan.has_changes());
    EXPECT_EQ(*state().find("box")->properties().find("Force"), Value(true));
}

TEST_F(Importing, RefusesAnIdThatNothingHas) {
    const auto result = import(old_box, "box", "none");

    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].summary, "Nothing to import");
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(Importing, RefusesWhatIsInStateAlready) {
    import(old_box, "box", "old");
    const auto again = import(old_box, "box", "old");

    ASSERT_EQ(again.errors.size(), 1U);
    EXPECT_EQ(again.errors[0].summary, "Nothing to import");
}

TEST_F(Importing, RefusesToTakeOverByTheProgramWhatItWouldHaveToReplaceAtOnce) {
    const auto result = up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "new", .size = 3}, {.import_id = "old"}}; });

    ASSERT_EQ(result.errors.size(), 1U) << result.error_text();
    EXPECT_EQ(result.errors[0].summary, "An import would replace what it takes over");
    EXPECT_EQ(result.errors[0].cause,
              "box is to take over \"old\", but its name is not as the program says, and changing that forces replacement.");
    EXPECT_EQ(result.calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("old"));
}

}  // namespace
}  // namespace strata::fake
