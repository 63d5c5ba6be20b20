#include <algorithm>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpWithAliases : public testing::Test, public Harness {};

TEST_F(UpWithAliases, FollowsARenameByItsAlias) {
    up(one_box);
    const auto result =
        up([](Stack& stack) { Box{stack, "crate", {.content = "books", .name = "box-a", .size = 3}, {.aliases = {{"box"}}}}; });

    EXPECT_EQ(result.plan.resources[0].former_address, "box");
    EXPECT_EQ(result.calls, Calls{"update box-a"}) << "only the address tag changes";
    EXPECT_NE(state().find("crate"), nullptr);
    EXPECT_EQ(state().find("box"), nullptr);
}

TEST_F(UpWithAliases, ChangesWhatItRenamesByWhatWasAppliedBefore) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a", .size = 7, .tags = {{"ours", "1"}}}}; });
    cloud.objects["box-a"].properties["Tags"] =
        Value::map({{"ours", "1"}, {"theirs", "2"}, {"strata:address", "box"}, {"strata:stack", "test.dev"}});
    const auto renamed = [](Stack& stack) { Box{stack, "chest", {.name = "box-a"}, {.aliases = {{"box"}}}}; };
    std::optional<Step> sent;
    cloud.refuse = [&](const Step& step) -> std::optional<Error> {
        sent = step;
        return std::nullopt;
    };
    const auto result = up(renamed);

    ASSERT_TRUE(result.ok()) << result.error_text();
    ASSERT_TRUE(sent);
    EXPECT_NE(sent->applied.find("Size"), nullptr);
    EXPECT_FALSE(up(renamed).plan.has_changes());
}

TEST_F(UpWithAliases, DeletesWhatHasAnotherTypeUnderTheSameAddress) {
    up([](Stack& stack) { Box{stack, "thing", {.lock = true, .name = "box-a"}}; });
    std::map<std::string, std::string_view> types;
    cloud.refuse = [&](const Step& step) -> std::optional<Error> {
        types[step.action == StepAction::create ? "create" : "remove"] = step.type->name;
        return std::nullopt;
    };
    const auto other = [](Stack& stack) { Key{stack, "thing", {.algorithm = "rsa"}}; };
    auto result = up(other);

    ASSERT_TRUE(result.ok()) << result.error_text();
    std::ranges::sort(result.calls);
    EXPECT_EQ(result.calls, (Calls{"create key-1", "remove box-a"}));
    EXPECT_EQ(types["remove"], box_type.name);
    EXPECT_EQ(state().find("thing")->id, "key-1");
    EXPECT_TRUE(state().deposed.empty());
    EXPECT_FALSE(up(other).plan.has_changes());
}

TEST_F(UpWithAliases, StillDeletesWhatHadTheAddressWhereThatFailed) {
    up([](Stack& stack) { Box{stack, "thing", {.name = "box-a"}}; });
    const auto other = [](Stack& stack) { Key{stack, "thing", {.algorithm = "rsa"}}; };
    cloud.refuse = [](const Step& step) -> std::optional<Error> {
        if (step.action != StepAction::remove) return std::nullopt;
        return Error{.kind = ErrorKind::service, .summary = "No", .cause = step.address, .remedy = {}};
    };
    up(other);
    cloud.refuse = nullptr;

    EXPECT_EQ(up(other).calls, Calls{"remove box-a"});
    EXPECT_FALSE(up(other).plan.has_changes());
}

TEST_F(UpWithAliases, ReplacesWhatItRenames) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}}; });
    const auto renamed = [](Stack& stack) { Box{stack, "chest", {.name = "box-b"}, {.aliases = {{"box"}}}}; };
    const auto result = up(renamed);

    EXPECT_EQ(result.calls, (Calls{"create box-b", "remove box-a"}));
    EXPECT_TRUE(state().deposed.empty());
    EXPECT_EQ(state().resources.size(), 1U);
    EXPECT_FALSE(up(renamed).plan.has_changes());
}

TEST_F(UpWithAliases, FollowsAMoveIntoAComponent) {
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

TEST_F(UpWithAliases, FollowsAComponentThatWasRenamedWithAllBelowIt) {
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

TEST_F(UpWithAliases, FollowsAMoveOutOfAComponentThatWasRenamedBefore) {
    struct Room : Component {
        explicit Room(const Scope& scope) : Component{scope, "cellar"} { Box{*this, "box", {.name = "box-a"}}; }
    };
    up([](Stack& stack) { Room{stack}; });
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.aliases = {{"attic/box"}, {"cellar/box"}}}}; });

    EXPECT_EQ(result.calls, Calls{"update box-a"});
    EXPECT_NE(state().find("box"), nullptr);
}

TEST_F(UpWithAliases, TakesAnAliasThatNothingHasForNothing) {
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.aliases = {{"never"}}}}; });

    EXPECT_EQ(result.calls, Calls{"create box-a"});
}

TEST_F(UpWithAliases, TakesAThingOfAnotherTypeForAnother) {
    up([](Stack& stack) { Key{stack, "thing", {.algorithm = "rsa"}}; });
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.aliases = {{"thing"}}}}; });

    EXPECT_EQ(result.plan.resources[0].action, PlanAction::create);
    EXPECT_EQ(state().resources.size(), 1U);
}

}  // namespace
}  // namespace strata::fake
