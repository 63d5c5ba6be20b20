#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpOfSome : public testing::Test, public Harness {};

TEST_F(UpOfSome, LooksAtTargetsAndWhatTheyNeedOnly) {
    const auto program = [](Stack& stack) {
        const Box box{stack, "box", {.name = "box-a"}};
        Key{stack, "key", {.algorithm = "rsa", .box = box.id()}};
        Box{stack, "other", {.name = "box-b"}};
    };
    options.selection.targets = {"key"};

    EXPECT_EQ(up(program).calls, (Calls{"create box-a", "create key-1"}));
}

/// A chain "box" <- "key" <- "lock", and "other" beside it.
void chain(Stack& stack) {
    const Box box{stack, "box", {.name = "box-a"}};
    const Key key{stack, "key", {.algorithm = "rsa", .box = box.id()}};
    Key{stack, "lock", {.algorithm = "rsa", .box = key.id()}};
    Box{stack, "other", {.name = "box-b"}};
}

TEST_F(UpOfSome, LeavesOutWhatIsExcludedAndWhatNeedsIt) {
    options.selection.excludes = {"key"};
    const auto result = up(chain);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.plan.counts().create, 2U);
    EXPECT_TRUE(cloud.objects.contains("box-a") && cloud.objects.contains("box-b"));
    ASSERT_EQ(result.plan.warnings.size(), 1U);
    EXPECT_EQ(result.plan.warnings[0].cause, "lock needs key, which is left out and not there.");
}

TEST_F(UpOfSome, GoesOnWithUsersOfWhatIsExcludedButThere) {
    up(chain);
    options.selection.excludes = {"box"};
    const auto result = up([](Stack& stack) {
        const Box box{stack, "box", {.content = "new", .name = "box-a"}};
        Key{stack, "key", {.algorithm = "ed25519", .box = box.id()}};
    });

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_FALSE(cloud.objects["box-a"].properties.contains("Content"));
    EXPECT_EQ(state().find("key")->properties().find("Algorithm")->text_or(""), "ed25519");
}

TEST_F(UpOfSome, DestroysTargetsAndWhatUsesThem) {
    up(chain);
    options.selection.targets = {"key"};
    const auto result = destroy();

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, (Calls{"remove key-2", "remove key-1"}));
    EXPECT_EQ(state().resources.size(), 2U);
}

TEST_F(UpOfSome, KeepsWhatIsExcludedFromADestroyAndWhatItUses) {
    up(chain);
    options.selection.excludes = {"key"};
    const auto result = destroy();

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(state().resources.size(), 2U) << "the key, and the box that it uses";
    EXPECT_TRUE(cloud.objects.contains("box-a"));
}

TEST_F(UpOfSome, DeletesOnlyTargetsThatTheProgramNoLongerHas) {
    up(chain);
    options.selection.targets = {"other"};
    const auto result = up([](Stack&) {});

    EXPECT_EQ(result.calls, Calls{"remove box-b"});
    EXPECT_EQ(state().resources.size(), 3U);
}

TEST_F(UpOfSome, ReplacesWhatItIsAskedToAndWhatCannotFollow) {
    up(chain);
    options.selection.replaces = {"key"};
    const auto result = up(chain);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, (Calls{"create key-3", "create key-4", "remove key-2", "remove key-1"}));
    options.selection.replaces.clear();
    EXPECT_FALSE(preview(chain).plan.has_changes());
}

}  // namespace
}  // namespace strata::fake
