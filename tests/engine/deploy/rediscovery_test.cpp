#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

void two_boxes(Stack& stack) {
    const Box named{stack, "named", {.content = "books", .lock = true, .name = "box-a", .password = secret("sesame"), .rules = {"x"}}};
    const Box user{stack, "shelf/user", {.content = named.etag(), .size = 3}};
    stack.output("user", user.arn());
}

class Rediscovering : public testing::Test, public Harness {
protected:
    void lose_state() { std::filesystem::remove_all(folder / "test"); }

    /// The id that was made up for the box without a name.
    [[nodiscard]] std::string made_up() const {
        for (const auto& [id, object] : cloud.objects)
            if (id.starts_with("test-shelf-user-")) return id;
        return {};
    }

    void tag(const std::string& id, const std::string& stack, const std::string& address) {
        cloud.objects[id].type = "fake.Box";
        cloud.objects[id].properties.set("Tags", Value::map({{"strata:stack", stack}, {"strata:address", address}}));
    }
};

TEST_F(Rediscovering, RebuildsALostStateByNamesAndTagsWithoutAChange) {
    up(two_boxes);
    const auto before = state();
    lose_state();
    const auto result = recover(two_boxes);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, Calls{});
    EXPECT_EQ(result.outcome.done, 2U);
    EXPECT_TRUE(result.rediscovery.missing.empty());
    EXPECT_TRUE(result.rediscovery.unmatched.empty());
    EXPECT_TRUE(result.rediscovery.undeclared.empty());
    EXPECT_FALSE(preview(two_boxes).plan.has_changes());
    EXPECT_EQ(up(two_boxes).calls, Calls{});
    const auto now = state();
    for (const auto& [address, resource] : before.resources) {
        const auto* again = now.find(address);
        ASSERT_NE(again, nullptr) << address;
        EXPECT_EQ(again->id, resource.id);
        EXPECT_EQ(to_json(again->outputs), to_json(resource.outputs));
        ASSERT_EQ(again->facets.size(), resource.facets.size()) << address;
        for (const auto& [label, facet] : resource.facets) EXPECT_EQ(again->facets.at(label).dependencies, facet.dependencies);
    }
    EXPECT_EQ(state().outputs, before.outputs);
}

TEST_F(Rediscovering, KnowsWhatUsesWhatForADestroy) {
    up(two_boxes);
    const auto user = made_up();
    lose_state();
    recover(two_boxes);

    EXPECT_EQ(destroy().calls, (Calls{"remove " + user, "remove box-a rules", "remove box-a"}));
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(Rediscovering, TakesAPartOverThatIsNotAsDeclaredSoThatItCanComeOff) {
    up(two_boxes);
    cloud.objects["box-a"].properties.set("Rules", Value::list({"x", "foreign"}));
    lose_state();
    EXPECT_TRUE(recover(two_boxes).ok());

    EXPECT_EQ(*state().find("named")->facets.at("rules").properties.find("Rules"), Value::list({"x", "foreign"}));
    EXPECT_EQ(up(two_boxes).calls, Calls{"update box-a rules"});
}

TEST_F(Rediscovering, NamesWhatIsDeclaredAndNotThere) {
    up(two_boxes);
    cloud.objects.erase(made_up());
    lose_state();
    const auto result = recover(two_boxes);

    EXPECT_TRUE(result.ok()) << result.error_text();
    ASSERT_EQ(result.rediscovery.missing.size(), 1U);
    EXPECT_EQ(result.rediscovery.missing[0].address, "shelf/user");
    EXPECT_NE(state().find("named"), nullptr);
    EXPECT_EQ(up(two_boxes).calls.size(), 1U);
}

TEST_F(Rediscovering, DoesNotChooseBetweenSeveral) {
    up(two_boxes);
    tag("copy", "test.dev", "shelf/user");
    lose_state();
    const auto result = recover(two_boxes);

    ASSERT_EQ(result.rediscovery.unmatched.size(), 1U);
    const auto& unmatched = result.rediscovery.unmatched[0];
    EXPECT_EQ(unmatched.address, "shelf/user");
    EXPECT_EQ(unmatched.ids, (std::vector<std::string>{"copy", made_up()}));
    EXPECT_EQ(state().find("shelf/user"), nullptr);
}

TEST_F(Rediscovering, LeavesWhatHasTheNameAndBelongsToAnother) {
    tag("box-a", "other.dev", "box");
    const auto result = recover(two_boxes);

    ASSERT_EQ(result.rediscovery.unmatched.size(), 1U);
    EXPECT_EQ(result.rediscovery.unmatched[0].why, "box-a is there, but it carries other tags.");
    EXPECT_TRUE(state().resources.empty());
}

TEST_F(Rediscovering, SaysWhatCannotBeLookedForOrSeen) {
    const auto program = [](Stack& stack) {
        const Box box{stack, "box", {.name = "box-a"}};
        const Key key{stack, "key", {.algorithm = "rsa", .box = box.id()}};
    };
    up(program);
    lose_state();
    cloud.unreadable.insert("box-a");
    const auto result = recover(program);

    ASSERT_EQ(result.rediscovery.unmatched.size(), 2U);
    EXPECT_EQ(result.rediscovery.unmatched[0].why, "box-a");
    EXPECT_EQ(result.rediscovery.unmatched[1].why, "Keys carry no tags.");
}

TEST_F(Rediscovering, NamesWhatCarriesTheStacksTagAndIsDeclaredNoMore) {
    up(two_boxes);
    lose_state();
    const auto result = recover([](Stack& stack) { Box{stack, "named", {.content = "books", .name = "box-a"}}; });

    ASSERT_EQ(result.rediscovery.undeclared.size(), 1U);
    EXPECT_EQ(result.rediscovery.undeclared[0].address, "shelf/user");
    EXPECT_EQ(result.rediscovery.undeclared[0].id, "arn:fake:" + made_up());
}

TEST_F(Rediscovering, FindsWhatWasRenamedByItsAlias) {
    up([](Stack& stack) { Box{stack, "old", {.content = "books"}}; });
    lose_state();
    const auto renamed = [](Stack& stack) { Box{stack, "new", {.content = "books"}, {.aliases = {{"old"}}}}; };
    EXPECT_TRUE(recover(renamed).ok());

    ASSERT_NE(state().find("new"), nullptr);
    EXPECT_TRUE(state().find("new")->id.starts_with("test-old-"));
    EXPECT_EQ(up(renamed).calls, Calls{"update " + state().find("new")->id}) << "its address tag";
}

TEST_F(Rediscovering, LooksOnlyForWhatStateLacks) {
    up(two_boxes);
    cloud.objects["box-a"].properties.set("Content", "stolen");
    const auto result = recover(two_boxes);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_FALSE(result.plan.has_changes());
    EXPECT_EQ(result.calls, Calls{});
    EXPECT_EQ(*state().find("named")->properties().find("Content"), Value("books"));
}

TEST_F(Rediscovering, TakesOverWhatTheNextUpReplaces) {
    up([](Stack& stack) { Box{stack, "box", {.content = "books", .name = "old"}}; });
    lose_state();
    const auto program = [](Stack& stack) { Box{stack, "box", {.content = "books", .name = "new"}}; };
    const auto result = recover(program);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.calls, Calls{});
    ASSERT_NE(state().find("box"), nullptr);
    EXPECT_EQ(state().find("box")->id, "old");
    EXPECT_EQ(up(program).calls, (Calls{"create new", "remove old"}));
}

}  // namespace
}  // namespace strata::fake
