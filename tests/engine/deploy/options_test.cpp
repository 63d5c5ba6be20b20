#include <chrono>
#include <map>

#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpWithOptions : public testing::Test, public Harness {};

TEST_F(UpWithOptions, RefusesToReplaceWhatIsProtected) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.protect = true}}; });
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-b"}, {.protect = true}}; });

    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].summary, "A protected resource would be lost");
    EXPECT_EQ(result.calls, Calls{});
}

TEST_F(UpWithOptions, KeepsAtTheServiceWhatIsToBeRetained) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.retain_on_delete = true}}; });
    const auto result = up([](Stack&) {});

    EXPECT_EQ(result.calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("box-a"));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(UpWithOptions, KeepsTheOldOneOfAReplacementThatIsToBeRetained) {
    const auto named = [](const char* name) {
        return [name](Stack& stack) { Box{stack, "box", {.name = name}, {.retain_on_delete = true}}; };
    };
    up(named("box-a"));
    const auto result = up(named("box-b"));

    EXPECT_EQ(result.calls, Calls{"create box-b"});
    EXPECT_EQ(result.plan.counts().data_at_risk, 0U);
    EXPECT_TRUE(cloud.objects.contains("box-a"));
    EXPECT_EQ(state().find("box")->id, "box-b");
    EXPECT_TRUE(state().deposed.empty());
    EXPECT_FALSE(up(named("box-b")).plan.has_changes());
}

TEST_F(UpWithOptions, RefusesAReplacementThatCannotKeepTheOldOne) {
    const auto sized = [](std::int64_t size) {
        return [size](Stack& stack) {
            Box{stack, "box", {.name = "box-a", .size = size}, {.replace_on_changes = {"size"}, .retain_on_delete = true}};
        };
    };
    up(sized(3));
    const auto result = up(sized(4));

    EXPECT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].summary, "A replacement cannot keep the old one");
    EXPECT_EQ(result.calls, Calls{});
}

TEST_F(UpWithOptions, ForgetsWhatTheProgramSaysToForget) {
    up(one_box);
    const auto result = up([](Stack& stack) { stack.forget("box"); });

    EXPECT_EQ(result.calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("box-a"));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(UpWithOptions, IgnoresChangesThatItIsToldToIgnore) {
    const auto program = [](Stack& stack) {
        Box{stack, "box", {.content = "books", .name = "box-a", .size = 3}, {.ignore_changes = {"content"}}};
    };
    up(program);
    cloud.objects["box-a"].properties.set("Content", "theirs");
    EXPECT_FALSE(preview(program).plan.has_changes());

    up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a", .size = 4}, {.ignore_changes = {"content"}}}; });
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("theirs"));
}

TEST_F(UpWithOptions, ReplacesOnChangesThatItIsToldToReplaceOn) {
    up(one_box);
    const auto result = preview(
        [](Stack& stack) { Box{stack, "box", {.content = "tools", .name = "box-a", .size = 3}, {.replace_on_changes = {"content"}}}; });

    EXPECT_EQ(result.plan.resources[0].action, PlanAction::replace);
}

TEST_F(UpWithOptions, TakesOverWhatExistsByItsId) {
    cloud.objects["old"] = {
        .type = "fake.Box", .properties = {{"Name", "old"}, {"Content", "dust"}, {"Size", 3}}, .outputs = {{"Id", "old"}}, .token = {}};
    const auto result = up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "old", .size = 3}, {.import_id = "old"}}; });

    EXPECT_EQ(result.plan.resources[0].action, PlanAction::adopt);
    EXPECT_EQ(result.calls, Calls{"update old"});
    EXPECT_EQ(cloud.objects["old"].properties["Content"], Value("books"));
    EXPECT_NE(state().find("box"), nullptr);
}

TEST_F(UpWithOptions, RefusesToDeleteWhatIsProtected) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.protect = true}}; });
    const auto left_out = up([](Stack&) {});
    const auto destroyed = destroy();

    for (const auto& result : {left_out, destroyed}) {
        ASSERT_EQ(result.errors.size(), 1U);
        EXPECT_EQ(result.errors[0].summary, "A protected resource would be lost");
        EXPECT_EQ(result.calls, Calls{});
    }
}

TEST_F(UpWithOptions, DeletesWhatIsNoLongerProtected) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.protect = true}}; });
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}}; });

    EXPECT_EQ(destroy().calls, Calls{"remove box-a"});
}

TEST_F(UpWithOptions, KeepsOnDestroyWhatIsToBeRetained) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.retain_on_delete = true}}; });

    EXPECT_EQ(destroy().calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("box-a"));
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(UpWithOptions, IgnoresASinglePart) {
    const auto program = [](Stack& stack) {
        Box{stack, "box", {.name = "box-a", .tags = {{"owner", "data"}, {"stage", "dev"}}}, {.ignore_changes = {"tags.owner"}}};
    };
    up(program);
    cloud.objects["box-a"].properties["Tags"].map()->set("owner", "web");
    EXPECT_FALSE(preview(program).plan.has_changes());

    cloud.objects["box-a"].properties["Tags"].map()->set("stage", "prod");
    EXPECT_EQ(up(program).calls, Calls{"update box-a"});
    EXPECT_EQ(*cloud.objects["box-a"].properties["Tags"].map()->find("owner"), Value("web"));
    EXPECT_EQ(*cloud.objects["box-a"].properties["Tags"].map()->find("stage"), Value("dev"));
}

TEST_F(UpWithOptions, SendsIgnoredPropertiesWhenItCreates) {
    up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a"}, {.ignore_changes = {"content"}}}; });

    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("books"));
}

TEST_F(UpWithOptions, HandsTimeoutsToTheSteps) {
    up([](Stack& stack) {
        Box{stack, "long", {.name = "box-a"}, {.timeouts = {.create = std::chrono::seconds{90}}}};
        Box{stack, "plain", {.name = "box-b"}};
    });

    EXPECT_EQ(cloud.timeouts, (std::map<std::string, Milliseconds>{{"long", Milliseconds{90'000}}}));
}

TEST_F(UpWithOptions, LetsATransformChangeADeclaration) {
    struct Room : Component {
        Room(const Scope& scope, Options options) : Component{scope, "room", std::move(options)} {
            Box{*this, "box", {.name = "box-a"}, {.transform = [](ResourceDeclaration& box) { box.properties.set("Size", 7); }}};
        }
    };
    up([](Stack& stack) {
        Room{stack, {.transform = [](ResourceDeclaration& resource) { resource.properties.set("Content", "from outside"); }}};
    });

    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("from outside"));
    EXPECT_EQ(cloud.objects["box-a"].properties["Size"], Value(7));
}

TEST_F(UpWithOptions, GivesTheOptionsOfAComponentToAllBelowIt) {
    struct Room : Component {
        explicit Room(const Scope& scope) : Component{scope, "room", {.protect = true, .retain_on_delete = true}} {
            Box{*this, "box", {.name = "box-a"}};
        }
    };
    up([](Stack& stack) { Room{stack}; });

    EXPECT_TRUE(state().find("room/box")->protect);
    EXPECT_TRUE(state().find("room/box")->retain_on_delete);
}

}  // namespace
}  // namespace strata::fake
