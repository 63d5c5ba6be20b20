#include <gtest/gtest.h>

#include "tests/engine/things.hpp"

// Addresses, options, outputs: what declaring a resource leaves in the graph.

namespace strata::things {
namespace {

using Texts = std::vector<std::string>;

/// A component that holds one thing.
struct Box : Component {
    Box(const Scope& scope, std::string_view name, Options options = {}, const Options& of_thing = {})
        : Component{scope, name, std::move(options)}, thing{*this, "thing", {}, of_thing} {}
    Thing thing;
};

struct House : Component {
    House(const Scope& scope, std::string_view name, Options options = {})
        : Component{scope, name, std::move(options)}, box{*this, "box"} {}
    Box box;
};

const ResourceDeclaration& only(const Stack& stack) { return stack.graph().resources().at(0); }

TEST(Stack, AddressesAResourceByTheComponentsAroundIt) {
    Stack stack{"test", {}};

    EXPECT_EQ((Thing{stack, "thing", {}}.address()), "thing");
    EXPECT_EQ((Box{stack, "box"}.thing.address()), "box/thing");
    EXPECT_EQ((House{stack, "house"}.box.thing.address()), "house/box/thing");
}

TEST(Stack, PutsAResourceUnderTheParentThatItsOptionsName) {
    Stack stack{"test", {}};
    const Box box{stack, "box"};

    EXPECT_EQ((Thing{stack, "guest", {}, {.parent = &box}}.address()), "box/guest");
    EXPECT_EQ((Box{stack, "inner", {.parent = &box}}.thing.address()), "box/inner/thing");
}

TEST(Stack, FoldsTheOptionsOfTheComponentsAroundIntoAResource) {
    Stack stack{"test", {}};
    const Thing needed{stack, "needed", {}};
    const Thing also{stack, "also", {}};
    Box{stack,
        "box",
        {.depends_on = {needed},
         .ignore_changes = {"text"},
         .protect = true,
         .provider = ProviderHandle{"test.audit"},
         .timeouts = {.create = std::chrono::seconds{60}, .update = std::chrono::seconds{5}}},
        {.depends_on = {also}, .ignore_changes = {"mode"}, .retain_on_delete = true, .timeouts = {.update = std::chrono::seconds{7}}}};

    const auto& options = stack.graph().resources().at(2).options;
    EXPECT_EQ(options.depends_on, (Texts{"needed", "also"}));
    EXPECT_EQ(options.ignore_changes, (Texts{"text", "mode"}));
    EXPECT_TRUE(options.protect);
    EXPECT_TRUE(options.retain_on_delete);
    EXPECT_FALSE(options.delete_before_replace);
    EXPECT_EQ(options.provider, "test.audit");
    EXPECT_EQ(options.timeouts.create, std::chrono::seconds{60});
    EXPECT_EQ(options.timeouts.update, std::chrono::seconds{7});
    EXPECT_EQ(options.timeouts.remove, std::nullopt);
}

TEST(Stack, AResourcesOwnProviderWinsOverItsComponents) {
    Stack stack{"test", {}};
    Box{stack, "box", {.provider = ProviderHandle{"test.audit"}}, {.provider = ProviderHandle{"test.backup"}}};

    EXPECT_EQ(only(stack).options.provider, "test.backup");
}

TEST(Stack, AnAliasWithoutASlashIsASiblingAndOneWithASlashAWholeAddress) {
    Stack stack{"test", {}};
    Box{stack, "box", {}, {.aliases = {{"item"}, {"attic/thing"}, {"/loose"}}}};

    EXPECT_EQ(only(stack).options.aliases, (Texts{"box/item", "attic/thing", "loose"}));
}

TEST(Stack, AnAliasOfAComponentHoldsForAllBelowIt) {
    Stack stack{"test", {}};
    House{stack, "house", {.aliases = {{"hut"}, {"/old/home"}}}};

    EXPECT_EQ(only(stack).options.aliases, (Texts{"hut/box/thing", "old/home/box/thing"}));
}

TEST(Stack, AnAliasOfAComponentGoesTogetherWithOneOfAResourceBelowIt) {
    Stack stack{"test", {}};
    Box{stack, "box", {.aliases = {{"crate"}}}, {.aliases = {{"item"}}}};

    EXPECT_EQ(only(stack).options.aliases, (Texts{"box/item", "crate/thing", "crate/item"}));
}

TEST(Stack, AnAliasOfAnInnerComponentGoesTogetherWithOneOfTheOuter) {
    struct Renamed : Component {
        explicit Renamed(const Scope& scope)
            : Component{scope, "house", {.aliases = {{"hut"}}}}, box{*this, "box", {.aliases = {{"chest"}}}} {}
        Box box;
    };
    Stack stack{"test", {}};
    const Renamed renamed{stack};

    EXPECT_EQ(only(stack).options.aliases, (Texts{"house/chest/thing", "hut/box/thing", "hut/chest/thing"}));
}

TEST(Stack, LetsATransformChangeADeclarationOutermostFirst) {
    Stack stack{"test", {}};
    const auto append = [](const char* mark) {
        return [mark](ResourceDeclaration& declaration) {
            declaration.properties.set("Text", std::string{declaration.properties["Text"].text_or("")} + mark);
        };
    };
    Box{stack, "box", {.transform = append("outer ")}, {.transform = append("inner")}};

    EXPECT_EQ(only(stack).properties, (ValueMap{{"Text", "outer inner"}}));
}

TEST(Stack, ATransformSeesTheOptionsAndMayChangeThem) {
    Stack stack{"test", {}};
    Box{stack, "box", {.transform = [](ResourceDeclaration& declaration) {
            if (declaration.address == "box/thing") declaration.options.protect = true;
        }}};

    EXPECT_TRUE(only(stack).options.protect);
}

TEST(Stack, KeepsItsOutputsInTheOrderInWhichTheyWereGiven) {
    Stack stack{"test", {}};
    const Thing thing{stack, "thing", {}};
    stack.output("zone", Value{"a"}, "where it is");
    stack.output("id", thing.id());

    const auto& outputs = stack.graph().outputs();
    ASSERT_EQ(outputs.size(), 2U);
    EXPECT_EQ(outputs[0].name, "zone");
    EXPECT_EQ(outputs[0].value, Value("a"));
    EXPECT_EQ(outputs[0].description, "where it is");
    EXPECT_EQ(outputs[1].name, "id");
    EXPECT_TRUE(outputs[1].value.is(Value::Kind::reference));
    EXPECT_EQ(outputs[1].declared_at.file, "tests/engine/model/stack_test.cpp");
}

TEST(Stack, RemembersWhatToForgetAndWhichProvidersWereConfigured) {
    Stack stack{"test", {}};
    stack.forget("old/vpc");
    const auto handle = stack.provider({.name = "test.audit", .kind = "test"});

    ASSERT_EQ(stack.graph().forgotten().size(), 1U);
    EXPECT_EQ(stack.graph().forgotten()[0].first, "old/vpc");
    EXPECT_EQ(handle.name, "test.audit");
    ASSERT_EQ(stack.graph().providers().size(), 1U);
    EXPECT_EQ(stack.graph().providers()[0].declared_at.file, "tests/engine/model/stack_test.cpp");
}

TEST(Stack, ReferencesAnotherStacksOutputByName) {
    Stack stack{"test", {}};
    const auto bucket = stack.reference<std::string>("data-lake", "bronze_bucket");

    const auto& node = std::get<StackOutputNode>(stack.graph().nodes().at(bucket.reference().node));
    EXPECT_EQ(node.stack, "data-lake");
    EXPECT_EQ(node.output, "bronze_bucket");
    EXPECT_EQ(node.declared_at.file, "tests/engine/model/stack_test.cpp");
}

TEST(Stack, KnowsItsEnvironmentEverywhere) {
    Stack stack{"test", {.name = "dev", .account = "123456789012", .region = "ca-central-1"}};
    const Box box{stack, "box"};

    EXPECT_EQ(box.environment().region, "ca-central-1");
    EXPECT_EQ(box.stack().name(), "test");
}

}  // namespace
}  // namespace strata::things
