#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpReplacing : public testing::Test, public Harness {};

TEST_F(UpReplacing, ReplacesWithTheNewOneFirstWhereTwoCanExist) {
    up([](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; });
    const auto result = up([](Stack& stack) { Key{stack, "key", {.algorithm = "ed25519"}}; });

    EXPECT_EQ(result.calls, (Calls{"create key-2", "remove key-1"}));
}

TEST_F(UpReplacing, DeletesFirstWhenTheNameIsGivenAndStays) {
    up(one_box);
    options.selection.replaces = {"box"};
    const auto result = up(one_box);

    EXPECT_FALSE(result.plan.resources[0].create_first);
    EXPECT_EQ(result.calls, (Calls{"remove box-a", "create box-a"}));
}

TEST_F(UpReplacing, ReplacesAllOfAComponentThatIsNamed) {
    struct Ring : Component {
        explicit Ring(const Scope& scope) : Component{scope, "ring"} { Key{*this, "key", {.algorithm = "rsa"}}; }
    };
    const auto program = [](Stack& stack) {
        Ring{stack};
        Key{stack, "loose", {.algorithm = "rsa"}};
    };
    up(program);
    options.selection.replaces = {"ring"};
    const auto plan = preview(program).plan;

    EXPECT_EQ(plan.counts().replace, 1U);
    EXPECT_EQ(plan.resources[0].address, "ring/key");
}

TEST_F(UpReplacing, HonoursDeleteBeforeReplace) {
    up([](Stack& stack) { Key{stack, "key", {.algorithm = "rsa"}}; });
    cloud.objects["key-9"] = cloud.objects["key-1"];
    const auto result = up([](Stack& stack) { Key{stack, "key", {.algorithm = "ed25519"}, {.delete_before_replace = true}}; });

    EXPECT_EQ(result.calls.front(), "remove key-1");
}

TEST_F(UpReplacing, DeletesFirstWhenTheNewOneWouldHaveTheSameId) {
    up(one_box);
    const auto program = [](Stack& stack) { Box{stack, "box", {.name = "box-a", .size = 4}, {.replace_on_changes = {"size"}}}; };

    EXPECT_EQ(up(program).calls, (Calls{"remove box-a", "create box-a"}));
    EXPECT_TRUE(cloud.objects.contains("box-a"));
}

TEST_F(UpReplacing, CreatesFirstWhenTheGivenNameChanges) {
    up(one_box);
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = "box-b"}}; });

    EXPECT_TRUE(result.plan.resources[0].create_first);
    EXPECT_EQ(result.calls, (Calls{"create box-b", "remove box-a"}));
    EXPECT_TRUE(state().deposed.empty());
}

std::optional<Error> refuse_removal(const Step& step) {
    if (step.action != StepAction::remove) return std::nullopt;
    return Error{.kind = ErrorKind::service, .summary = "No", .cause = step.address, .remedy = {}};
}

TEST_F(UpReplacing, DeletesTheOldOneInTheNextRunWhereThatFailed) {
    up(one_box);
    const auto renamed = [](Stack& stack) { Box{stack, "box", {.name = "box-b"}}; };
    cloud.refuse = refuse_removal;
    up(renamed);
    cloud.refuse = nullptr;

    EXPECT_EQ(up(renamed).calls, Calls{"remove box-a"});
    EXPECT_FALSE(up(renamed).plan.has_changes());
}

TEST_F(UpReplacing, DeletesTheOldOneInTheNextRunThoughTheNewOneIsGone) {
    up(one_box);
    const auto renamed = [](Stack& stack) { Box{stack, "box", {.name = "box-b"}}; };
    cloud.refuse = refuse_removal;
    up(renamed);
    cloud.refuse = nullptr;
    cloud.objects.erase("box-b");

    auto calls = up(renamed).calls;
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Calls{"create box-b", "remove box-a"}));
}

TEST_F(UpReplacing, DeletesTheOldOneWithWhatIsKnownOfItNotOfTheNewOne) {
    up(one_box);
    const auto renamed = [](Stack& stack) { Box{stack, "box", {.name = "box-b"}}; };
    cloud.refuse = refuse_removal;
    up(renamed);
    std::optional<Step> sent;
    cloud.refuse = [&](const Step& step) -> std::optional<Error> {
        sent = step;
        return std::nullopt;
    };
    up(renamed);

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->id, "box-a");
    EXPECT_EQ(sent->outputs["Arn"], Value("arn:fake:box-a"));
    EXPECT_EQ(sent->properties["Name"], Value("box-a"));
}

TEST_F(UpReplacing, DeletesTheOldOneInALaterRunThoughTheNewOneIsProtectedByNow) {
    up(one_box);
    const auto renamed = [](bool protect) {
        return [protect](Stack& stack) { Box{stack, "box", {.name = "box-b"}, {.protect = protect}}; };
    };
    cloud.refuse = refuse_removal;
    up(renamed(false));
    up(renamed(true));
    cloud.refuse = nullptr;

    EXPECT_TRUE(state().find("box")->protect);
    EXPECT_EQ(up(renamed(true)).calls, Calls{"remove box-a"});
}

TEST_F(UpReplacing, GivesTheNewOneAnotherNameWhereTheProgramGivesNone) {
    const auto program = [](std::int64_t size) {
        return [size](Stack& stack) { Box{stack, "box", {.size = size}, {.replace_on_changes = {"size"}}}; };
    };
    up(program(3));
    const auto before = state().find("box")->id;
    const auto result = up(program(4));

    EXPECT_TRUE(result.plan.resources[0].create_first);
    EXPECT_NE(state().find("box")->id, before);
    EXPECT_FALSE(cloud.objects.contains(before));
}

TEST_F(UpReplacing, SendsTheNewOneNothingOfTheOld) {
    up(one_box);
    cloud.objects["box-a"].properties.set("Shelves", Value::list({"oak"}));
    std::optional<Step> sent;
    cloud.refuse = [&](const Step& step) -> std::optional<Error> {
        if (step.action == StepAction::create) sent = step;
        return std::nullopt;
    };
    up([](Stack& stack) { Box{stack, "box", {.name = "box-b"}}; });

    ASSERT_TRUE(sent);
    EXPECT_FALSE(sent->desired.contains("Size")) << "a default to go back to is for updates";
    EXPECT_FALSE(sent->properties.contains("Shelves"));
    EXPECT_FALSE(sent->properties.contains("Content"));
}

TEST_F(UpReplacing, MovesUsersToTheNewOneBeforeTheOldOneGoes) {
    const auto program = [](const char* algorithm) {
        return [algorithm](Stack& stack) {
            const Key key{stack, "key", {.algorithm = algorithm}};
            Box{stack, "box", {.content = key.id(), .name = "box-a"}};
        };
    };
    up(program("rsa"));
    const auto result = up(program("ed25519"));

    EXPECT_EQ(result.calls, (Calls{"create key-2", "update box-a", "remove key-1"}));
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("key-2"));
}

TEST_F(UpReplacing, ReplacesUsersThatCannotBeMoved) {
    const auto program = [](const char* algorithm) {
        return [algorithm](Stack& stack) {
            const Key first{stack, "first", {.algorithm = algorithm}};
            Key{stack, "second", {.algorithm = "rsa", .box = first.id()}};
        };
    };
    up(program("rsa"));
    const auto result = up(program("ed25519"));

    EXPECT_EQ(result.calls, (Calls{"create key-3", "create key-4", "remove key-2", "remove key-1"}));
}

TEST_F(UpReplacing, TakesUsersAwayFirstWhereTheOldOneMustGoFirst) {
    const auto program = [](const char* algorithm) {
        return [algorithm](Stack& stack) {
            const Key first{stack, "first", {.algorithm = algorithm}, {.delete_before_replace = true}};
            Key{stack, "second", {.algorithm = "rsa", .box = first.id()}, {.delete_before_replace = true}};
        };
    };
    up(program("rsa"));
    const auto result = up(program("ed25519"));

    EXPECT_EQ(result.calls, (Calls{"remove key-2", "remove key-1", "create key-3", "create key-4"}));
}

TEST_F(UpReplacing, TakesUsersAwayFirstEvenWhereTheyCouldCreateFirst) {
    const auto program = [](const char* algorithm) {
        return [algorithm](Stack& stack) {
            const Key first{stack, "first", {.algorithm = algorithm}, {.delete_before_replace = true}};
            Key{stack, "second", {.algorithm = "rsa", .box = first.id()}};
        };
    };
    up(program("rsa"));
    const auto result = up(program("ed25519"));

    EXPECT_FALSE(result.plan.resources[1].create_first);
    EXPECT_EQ(result.calls, (Calls{"remove key-2", "remove key-1", "create key-3", "create key-4"}));
}

TEST_F(UpReplacing, LetsMembersOfUsersGoWhereTheOldOneMustGoFirst) {
    const auto program = [](const char* algorithm) {
        return [algorithm](Stack& stack) {
            const Key key{stack, "key", {.algorithm = algorithm}, {.delete_before_replace = true}};
            Box{stack, "box", {.name = "box-a", .rules = {"plain", key.id()}}};
        };
    };
    up(program("rsa"));
    std::vector<Value> rules;
    cloud.refuse = [&](const Step& step) -> std::optional<Error> {
        if (step.address == "box") rules.push_back(*step.desired.find("Rules"));
        return std::nullopt;
    };
    const auto result = up(program("ed25519"));

    EXPECT_EQ(result.calls, (Calls{"update box-a rules", "remove key-1", "create key-2", "update box-a rules"}));
    EXPECT_EQ(rules, (std::vector{Value::list({"plain"}), Value::list({"plain", "key-2"})}));
    EXPECT_FALSE(up(program("ed25519")).plan.has_changes());
}

TEST_F(UpReplacing, LetsMembersOfUsersGoThoughTheNewOneHasTheSameId) {
    const auto program = [](std::int64_t size) {
        return [size](Stack& stack) {
            const Box inner{stack, "inner", {.name = "box-a", .size = size}, {.replace_on_changes = {"size"}}};
            Box{stack, "outer", {.name = "box-b", .rules = {inner.arn()}}};
        };
    };
    up(program(3));
    const auto result = up(program(4));

    EXPECT_EQ(result.plan.resources[1].reasons, std::vector<std::string>{"rules lets go of inner until the new one is there"});
    EXPECT_EQ(result.calls, (Calls{"update box-b rules", "remove box-a", "create box-a", "update box-b rules"}));
    EXPECT_EQ(cloud.objects["box-b"].properties["Rules"], Value::list({"arn:fake:box-a"}));
    EXPECT_FALSE(up(program(4)).plan.has_changes());
}

TEST_F(UpReplacing, WaitsForUsersThatNoLongerUseWhatMustGoFirst) {
    up([](Stack& stack) {
        const Key key{stack, "key", {.algorithm = "rsa"}, {.delete_before_replace = true}};
        Box{stack, "box", {.content = key.id(), .name = "box-a"}};
    });
    const auto result = up([](Stack& stack) {
        Key{stack, "key", {.algorithm = "ed25519"}, {.delete_before_replace = true}};
        Box{stack, "box", {.content = "books", .name = "box-a"}};
    });

    EXPECT_EQ(result.calls, (Calls{"update box-a", "remove key-1", "create key-2"}));
}

/// The second names the first in a property that cannot change, the third the second; both must go before they come anew.
void chain(Stack& stack) {
    const Key first{stack, "first", {.algorithm = "rsa"}};
    const Key second{stack, "second", {.algorithm = "rsa", .box = first.id()}, {.delete_before_replace = true}};
    Key{stack, "third", {.algorithm = "rsa", .box = second.id()}, {.delete_before_replace = true}};
}

TEST_F(UpReplacing, TakesNothingAwayBeforeItIsKnownThatItMustGo) {
    up(chain);
    cloud.objects.erase("key-1");
    cloud.keys_made = 0;  // the service gives the same id again

    const auto result = up(chain);

    EXPECT_TRUE(result.plan.resources[1].replace_if_changed);
    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, Calls{"create key-1"});
    EXPECT_EQ(state().find("second")->id, "key-2");
    EXPECT_EQ(state().find("third")->id, "key-3");
    EXPECT_FALSE(up(chain).plan.has_changes());
}

TEST_F(UpReplacing, LetsNothingGoOfWhatTurnsOutToStay) {
    const auto program = [](Stack& stack) {
        const Key first{stack, "first", {.algorithm = "rsa"}};
        const Key second{stack, "second", {.algorithm = "rsa", .box = first.id()}, {.delete_before_replace = true}};
        Box{stack, "box", {.name = "box-a", .rules = {"plain", second.id()}}};
    };
    up(program);
    cloud.objects.erase("key-1");
    cloud.keys_made = 0;  // the service gives the same id again

    EXPECT_EQ(up(program).calls, Calls{"create key-1"});
    EXPECT_FALSE(up(program).plan.has_changes());
}

TEST_F(UpReplacing, TakesAwayWhatMustGoOnceThatIsKnown) {
    up(chain);
    cloud.objects.erase("key-1");

    const auto result = up(chain);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, (Calls{"create key-4", "remove key-3", "remove key-2", "create key-5", "create key-6"}));
    EXPECT_FALSE(up(chain).plan.has_changes());
}

TEST_F(UpReplacing, TakesNothingAwayWhenWhatDecidesFails) {
    up(chain);
    cloud.objects.erase("key-1");
    cloud.refuse = [](const Step& step) -> std::optional<Error> {
        if (step.address != "first") return std::nullopt;
        return Error{.kind = ErrorKind::service, .summary = "No", .cause = step.address, .remedy = {}};
    };

    const auto result = up(chain);

    EXPECT_EQ(result.calls, Calls{});
    EXPECT_TRUE(cloud.objects.contains("key-2"));
    EXPECT_TRUE(cloud.objects.contains("key-3"));
}

TEST_F(UpReplacing, DeletesFirstAlsoWhatUsesSomethingThatGoesBecauseOfThat) {
    const auto program = [](int version) {
        return [version](Stack& stack) {
            const auto name = [&](const char* what) { return fmt::format("{}-{}", what, version); };
            const Box used{stack, "used", {.name = name("used")}, {.delete_before_replace = true}};
            if (version == 2) Box{stack, "user", {.content = used.etag(), .name = name("user")}};
            if (version == 2) return;
            const Key goes{stack, "goes", {.algorithm = "rsa", .box = used.id()}};
            Box{stack, "user", {.content = goes.id(), .name = name("user")}};
        };
    };
    up(program(1));

    const auto result = up(program(2));

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, (Calls{"remove user-1", "remove key-1", "remove used-1", "create used-2", "create user-2"}));
    EXPECT_FALSE(up(program(2)).plan.has_changes());
}

TEST_F(UpReplacing, DeletesFirstWhatUsedSomethingThatGoesAndIsUsedByWhatUsedBoth) {
    const auto before = [](Stack& stack) {
        const Box used{stack, "used", {.name = "used-1"}, {.delete_before_replace = true}};
        const Key goes{stack, "goes", {.algorithm = "rsa", .box = used.id()}};
        Box{stack, "user", {.name = "user", .tags = {{"goes", goes.id()}, {"used", used.etag()}}}};
    };
    const auto after = [](Stack& stack) {
        const Box used{stack, "used", {.name = "used-2"}, {.delete_before_replace = true}};
        Box{stack, "user", {.name = "user", .tags = {{"used", used.etag()}}}};
    };
    up(before);

    const auto result = up(after);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, (Calls{"remove key-1", "remove used-1", "create used-2", "update user"}));
    EXPECT_FALSE(up(after).plan.has_changes());
}

}  // namespace
}  // namespace strata::fake
