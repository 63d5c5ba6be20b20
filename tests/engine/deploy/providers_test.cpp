#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

ProviderDeclaration instance(std::string name, std::map<std::string, std::string> default_tags = {},
                             std::vector<std::string> ignore_tags = {}) {
    return {.name = std::move(name),
            .kind = "fake",
            .config = {},
            .default_tags = std::move(default_tags),
            .ignore_tags = std::move(ignore_tags),
            .declared_at = {}};
}

class UpWithProviders : public testing::Test, public Harness {};

TEST_F(UpWithProviders, UsesTheInstanceThatAResourceOrItsComponentNames) {
    struct Audit : Component {
        Audit(const Scope& scope, ProviderHandle provider) : Component{scope, "audit", {.provider = std::move(provider)}} {
            Box{*this, "box", {.name = "box-audit"}};
        }
    };
    up([](Stack& stack) {
        const auto other = stack.provider(instance("fake.other"));
        Box{stack, "own", {.name = "box-own"}};
        Box{stack, "other", {.name = "box-other"}, {.provider = other}};
        Audit{stack, stack.provider(instance("fake.audit"))};
    });

    EXPECT_EQ(cloud.objects["box-own"].instance, "fake");
    EXPECT_EQ(cloud.objects["box-other"].instance, "fake.other");
    EXPECT_EQ(cloud.objects["box-audit"].instance, "fake.audit");
    EXPECT_EQ(state().find("other")->provider, "fake.other");
}

TEST_F(UpWithProviders, DeletesThroughTheInstanceThatMadeIt) {
    up([](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.provider = stack.provider(instance("fake.other"))}}; });
    const auto gone = up([](Stack& stack) { stack.provider(instance("fake.other")); });

    EXPECT_EQ(gone.calls, Calls{"remove box-a"});
    EXPECT_TRUE(gone.ok()) << gone.error_text();
}

TEST_F(UpWithProviders, MakesAnewWhatMovesToAnotherAccountOrRegion) {
    cloud.regions["fake.far"] = "far-1";
    const auto program = [](bool far) {
        return [far](Stack& stack) {
            const auto there = stack.provider(instance("fake.far"));
            Key{stack, "key", {.algorithm = "rsa"}, far ? Options{.provider = there} : Options{}};
        };
    };
    up(program(false));
    cloud.changed_by.clear();
    const auto result = up(program(true));

    ASSERT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(result.plan.resources[0].reasons, std::vector<std::string>{"provider fake.far leads elsewhere than fake, which made it"});
    EXPECT_EQ(result.calls, (Calls{"create key-2", "remove key-1"}));
    EXPECT_EQ(cloud.changed_by, (std::vector<std::string>{"fake.far", "fake"}));
    EXPECT_EQ(state().find("key")->provider, "fake.far");
    EXPECT_FALSE(up(program(true)).plan.has_changes());
}

TEST_F(UpWithProviders, KeepsWhatMovesToAnInstanceOfTheSamePlace) {
    const auto program = [](bool other) {
        return [other](Stack& stack) {
            const auto there = stack.provider(instance("fake.other"));
            Key{stack, "key", {.algorithm = "rsa"}, other ? Options{.provider = there} : Options{}};
        };
    };
    up(program(false));

    EXPECT_EQ(up(program(true)).calls, Calls{});
    EXPECT_EQ(state().find("key")->provider, "fake.other");
}

TEST_F(UpWithProviders, GivesEveryResourceTheDefaultTagsAndItsOwnOnTop) {
    const auto program = [](Stack& stack) {
        const auto other = stack.provider(instance("fake.other", {{"owner", "data"}, {"stage", "dev"}}));
        Box{stack, "box", {.name = "box-a", .tags = {{"owner", "web"}}}, {.provider = other}};
    };
    up(program);
    const auto& tags = *cloud.objects["box-a"].properties["Tags"].map();

    EXPECT_EQ(*tags.find("owner"), Value("web"));
    EXPECT_EQ(*tags.find("stage"), Value("dev"));
    EXPECT_FALSE(preview(program).plan.has_changes());
}

TEST_F(UpWithProviders, TakesADefaultTagOffWhenItIsNoLongerGiven) {
    const auto with = [](std::map<std::string, std::string> tags) {
        return [tags](Stack& stack) { Box{stack, "box", {.name = "box-a"}, {.provider = stack.provider(instance("fake.other", tags))}}; };
    };
    up(with({{"owner", "data"}}));
    EXPECT_EQ(up(with({})).calls, Calls{"update box-a"});
    EXPECT_FALSE(preview(with({})).plan.has_changes());
}

TEST_F(UpWithProviders, NeverLooksAtTagsThatItIsToldToIgnore) {
    const auto program = [](Stack& stack) {
        const auto other = stack.provider(instance("fake.other", {{"cost:team", "data"}}, {"cost:*"}));
        Box{stack, "box", {.content = "books", .name = "box-a"}, {.provider = other}};
    };
    up(program);
    cloud.objects["box-a"].properties["Tags"].map()->set("cost:team", "other");

    EXPECT_FALSE(preview(program).plan.has_changes());
}

TEST_F(UpWithProviders, ResolvesALookupBeforeWhatUsesIt) {
    const auto program = [](Stack& stack) {
        const auto found = look_up(stack, "Name", {{"Name", "ubuntu"}});
        Box{stack, "box", {.content = found, .name = "box-a"}};
    };
    up(program);

    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("ubuntu"));
    EXPECT_FALSE(preview(program).plan.has_changes());
}

TEST_F(UpWithProviders, AsksALookupOfTheInstanceThatItNames) {
    const auto program = [](Stack& stack) {
        const auto other = stack.provider(instance("fake.other"));
        const ValueMap arguments{{"Name", "ubuntu"}};
        Box{stack, "own", {.content = look_up(stack, "Instance", arguments), .name = "box-a"}};
        Box{stack, "other", {.content = look_up(stack, "Instance", arguments, {.provider = other}), .name = "box-b"}};
    };
    up(program);

    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("fake"));
    EXPECT_EQ(cloud.objects["box-b"].properties["Content"], Value("fake.other"));
    EXPECT_FALSE(preview(program).plan.has_changes());
}

TEST_F(UpWithProviders, AsksALookupInAComponentOfTheComponentsInstanceUnlessItNamesItsOwn) {
    struct Abroad : Component {
        Abroad(const Scope& scope, std::string_view name, Options options = {}) : Component{scope, name, std::move(options)} {
            Box{*this, "box", {.content = look_up(*this, "Instance", {}), .name = "box-" + std::string{name}}};
        }
    };
    struct House : Component {
        House(const Scope& scope, ProviderHandle whole, ProviderHandle part) : Component{scope, "house", {.provider = std::move(whole)}} {
            Abroad{*this, "hall"};
            Abroad{*this, "attic", {.provider = part}};
            Box{*this, "box", {.content = look_up(*this, "Instance", {}, {.provider = part}), .name = "box-own"}};
        }
    };
    up([](Stack& stack) { House{stack, stack.provider(instance("fake.whole")), stack.provider(instance("fake.part"))}; });

    EXPECT_EQ(cloud.objects["box-hall"].properties["Content"], Value("fake.whole"));
    EXPECT_EQ(cloud.objects["box-attic"].properties["Content"], Value("fake.part"));
    EXPECT_EQ(cloud.objects["box-own"].properties["Content"], Value("fake.part"));
}

TEST_F(UpWithProviders, RefusesALookupOfAnInstanceThatIsConfiguredNowhereOnceForAllItsOutputs) {
    const auto line = std::source_location::current().line() + 4;
    const auto result = up([](Stack& stack) {
        const LookupOptions misnamed{.provider = ProviderHandle{"fake.othr"}};
        Box{stack, "before", {.name = "box-a"}};
        for (const auto* output : {"Name", "Instance"}) stack.output(output, look_up(stack, output, {{"Name", "ubuntu"}}, misnamed));
    });

    ASSERT_EQ(result.errors.size(), 1U) << result.error_text();
    EXPECT_EQ(result.errors[0].summary, "Unknown provider instance");
    EXPECT_EQ(result.errors[0].cause, "The lookup of fake.Image uses the provider instance \"fake.othr\", which is configured nowhere.");
    EXPECT_EQ(result.errors[0].location, (Location{.file = "tests/engine/deploy/providers_test.cpp", .line = line}));
    EXPECT_EQ(result.calls, Calls{});
}

TEST_F(UpWithProviders, LooksUpWhatDependsOnANewThingOnceThatIsThere) {
    const auto program = [](Stack& stack) {
        const Key key{stack, "key", {.algorithm = "rsa"}};
        const auto found = look_up(stack, "Name", {{"Name", key.id().reference()}});
        Box{stack, "box", {.content = found, .name = "box-a"}};
    };
    const auto result = up(program);

    EXPECT_TRUE(result.ok()) << result.error_text();
    EXPECT_EQ(cloud.objects["box-a"].properties["Content"], Value("key-1"));
    EXPECT_FALSE(preview(program).plan.has_changes());
}

TEST_F(UpWithProviders, WritesNothingOverTagsThatItIsToldToIgnore) {
    const auto program = [](const char* content) {
        return [content](Stack& stack) {
            const auto other = stack.provider(instance("fake.other", {{"cost:team", "data"}, {"stage", content}}, {"cost:*"}));
            Box{stack, "box", {.content = content, .name = "box-a"}, {.provider = other}};
        };
    };
    up(program("dev"));
    cloud.objects["box-a"].properties["Tags"].map()->set("cost:team", "other");
    up(program("prod"));

    EXPECT_EQ(*cloud.objects["box-a"].properties["Tags"].map()->find("stage"), Value("prod"));
    EXPECT_EQ(*cloud.objects["box-a"].properties["Tags"].map()->find("cost:team"), Value("other"));
}

TEST_F(UpWithProviders, StopsBeforeTheFirstCallWhenALookupFails) {
    const auto result = up([](Stack& stack) {
        const auto found = look_up(stack, "Name", {{"Missing", true}});
        Box{stack, "before", {.name = "box-a"}};
        Box{stack, "box", {.content = found, .name = "box-b"}};
    });

    ASSERT_EQ(result.errors.size(), 1U) << result.error_text();
    EXPECT_EQ(result.errors[0].summary, "Nothing found");
    EXPECT_EQ(result.calls, Calls{});
}

TEST_F(UpWithProviders, SaysWhyALookupThatHadToWaitForANewThingFailed) {
    const auto result = up([](Stack& stack) {
        const Key key{stack, "key", {.algorithm = "rsa"}};
        const auto found = look_up(stack, "Name", {{"Missing", key.id().reference()}});
        Box{stack, "box", {.content = found, .name = "box-a"}};
    });

    ASSERT_EQ(result.outcome.failures.size(), 1U) << result.error_text();
    EXPECT_EQ(result.outcome.failures[0].address, "box");
    EXPECT_EQ(result.outcome.failures[0].error.summary, "Nothing found");
    EXPECT_EQ(result.calls, Calls{"create key-1"});
}

}  // namespace
}  // namespace strata::fake
