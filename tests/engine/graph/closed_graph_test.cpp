#include "engine/graph/closed_graph.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "tests/engine/things.hpp"

// Closing a graph: nodes, edges, order, merged fragments, and every mistake that shows only then.

namespace strata::things {
namespace {

using Texts = std::vector<std::string>;

std::string key_of(const ClosedGraph& closed, std::uint32_t n) {
    const auto& node = closed.nodes[n];
    return node_key(closed.declaration(node).address, thing_type.facets[node.facet].label);
}

Texts keys(const ClosedGraph& closed, const std::vector<std::uint32_t>& nodes) {
    Texts found;
    for (const auto n : nodes) found.push_back(key_of(closed, n));
    return found;
}

class Closing : public testing::Test {
protected:
    const ClosedGraph& close_graph() {
        closed_ = close(stack.graph(), diagnostics);
        return closed_;
    }

    /// "a <- b c" for each node that depends on something, in the order of declaration.
    Texts edges() {
        Texts found;
        const auto& closed = close_graph();
        for (std::uint32_t n = 0; n < closed.nodes.size(); ++n)
            if (!closed.nodes[n].dependencies.empty())
                found.push_back(fmt::format("{} <- {}", key_of(closed, n), join(keys(closed, closed.nodes[n].dependencies), " ")));
        return found;
    }

    Texts order() {
        const auto& closed = close_graph();
        return keys(closed, closed.order);
    }

    Thing thing(std::string_view name, const ThingArgs& args = {}, const Options& options = {}) { return {stack, name, args, options}; }

    Stack stack{"test", {}};
    Diagnostics diagnostics;

private:
    ClosedGraph closed_;
};

TEST_F(Closing, MakesANodeForTheCoreAndOneForEachFacetThatIsSet) {
    thing("plain", {.text = "a"});
    thing("ruled", {.rules = {"in"}, .text = "b"});

    EXPECT_EQ(order(), (Texts{"plain", "ruled", "ruled#rules"}));
    EXPECT_EQ(edges(), (Texts{"ruled#rules <- ruled"}));
}

TEST_F(Closing, GivesEachNodeThePropertiesOfItsOwnFacetOnly) {
    thing("ruled", {.rules = {"in"}, .text = "b"});

    const auto& closed = close_graph();
    EXPECT_EQ(closed.nodes[0].properties, (ValueMap{{"Text", "b"}}));
    EXPECT_EQ(closed.nodes[1].properties, (ValueMap{{"Rules", Value::list({"in"})}}));
}

TEST_F(Closing, DependsOnWhatIsUsedHoweverDeepTheUseIsHidden) {
    const auto a = thing("a");
    const auto b = thing("b");
    const auto c = thing("c");
    const auto joined = all<std::string>({b.id(), c.id()});
    const auto text = concat({"x-", a.id().map([](const std::string& id) { return id + "!"; })});
    thing("user", {.labels = {{"here", a.id()}}, .part = Part{.label = text}, .rules = joined});

    EXPECT_EQ(edges(), (Texts{"user <- a", "user#rules <- b c user"}));
}

TEST_F(Closing, DependsOnWhatASecretOrAnArgumentOfALookupUses) {
    const auto a = thing("a");
    const auto b = thing("b");
    auto& graph = stack.graph();
    const auto lookup = graph.add(Node{LookupNode{
        .kind = "test.Image", .provider = "test", .arguments = {{"Of", b.id().reference()}}, .output = "Id", .declared_at = {}}});
    thing("user", {.anything = Value::list({Value::secret(Value{a.id().reference()}), Value{Reference{lookup}}})});

    EXPECT_EQ(edges(), (Texts{"user <- a b"}));
}

TEST_F(Closing, DependsOnWhatItIsToldToDependOn) {
    struct Room : Component {
        explicit Room(const Scope& scope) : Component{scope, "room"} {
            Thing{*this, "table", {.rules = {"in"}}};
            Thing{*this, "chair", {}};
        }
    };
    const Room room{stack};
    const auto lamp = thing("lamp");
    thing("user", {.rules = {"in"}}, {.depends_on = {room, lamp}});

    EXPECT_EQ(edges(), (Texts{"room/table#rules <- room/table", "user <- room/table room/table#rules room/chair lamp",
                              "user#rules <- room/table room/table#rules room/chair lamp user"}));
    EXPECT_TRUE(diagnostics.warnings().empty());
}

TEST_F(Closing, WarnsOfADependencyOnAComponentThatHoldsNothing) {
    struct Empty : Component {
        explicit Empty(const Scope& scope) : Component{scope, "empty"} {}
    };
    thing("user", {.rules = {"in"}}, {.depends_on = {Empty{stack}}});
    close_graph();

    EXPECT_TRUE(diagnostics.ok());
    ASSERT_EQ(diagnostics.warnings().size(), 1U);
    EXPECT_EQ(diagnostics.warnings()[0].cause, "user depends on \"empty\", which holds no resources.");
}

TEST_F(Closing, DoesNotWarnOfADependencyThatAUseMakesAnyway) {
    struct Room : Component {
        explicit Room(const Scope& scope) : Component{scope, "room"}, table{*this, "table", {}} {}
        Thing table;
    };
    const Room room{stack};
    thing("user", {.text = room.table.id()}, {.depends_on = {room}});

    EXPECT_EQ(edges(), (Texts{"user <- room/table"}));
    EXPECT_TRUE(diagnostics.warnings().empty());
}

TEST_F(Closing, LetsGroupsNameEachOtherInTheirRules) {
    const auto a = thing("a");
    const auto b = thing("b", {.rules = {a.id()}});
    a.contribute(stack, "Rules", List<std::string>{b.id()}.declared());

    EXPECT_EQ(order(), (Texts{"a", "b", "a#rules", "b#rules"}));
    EXPECT_TRUE(diagnostics.ok());
}

TEST_F(Closing, NamesACircleByItsPathAndWhereItBegins) {
    auto& graph = stack.graph();
    const auto a = thing("a");
    const auto b = thing("b", {.text = a.id()});
    const auto c = thing("c", {.text = b.id()});
    thing("beside", {.text = c.id()});
    graph.resources()[0].properties.set("Text", c.id().reference());
    close_graph();

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    const auto& error = diagnostics.errors()[0];
    EXPECT_EQ(error.kind, ErrorKind::invalid_program);
    EXPECT_EQ(error.summary, "Resources depend on each other in a circle");
    EXPECT_EQ(error.cause, "a -> c -> b -> a.");
    EXPECT_EQ(error.location.file, "tests/engine/graph/closed_graph_test.cpp");
}

TEST_F(Closing, NamesTheFacetOnACircle) {
    const auto a = thing("a", {.rules = {"in"}});
    const auto b = thing("b", {}, {.depends_on = {a}});
    stack.graph().resources()[0].properties.set("Rules", Value::list({Value{b.id().reference()}}));
    close_graph();

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    EXPECT_EQ(diagnostics.errors()[0].cause, "a#rules -> b -> a#rules.");
}

TEST_F(Closing, RefusesAResourceThatUsesItself) {
    const auto a = thing("a");
    stack.graph().resources()[0].properties.set("Text", a.id().reference());
    close_graph();

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    EXPECT_EQ(diagnostics.errors()[0].cause, "a -> a.");
}

TEST_F(Closing, RefusesTwoResourcesOfOneAddressAndNamesBothPlaces) {
    thing("a");
    thing("a");
    const auto line = std::source_location::current().line();
    close_graph();

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    const auto& places = stack.graph().resources();
    EXPECT_EQ(diagnostics.errors()[0].summary, "Two resources have one address");
    EXPECT_EQ(diagnostics.errors()[0].cause,
              fmt::format("{}: \"a\" was declared already at {}.", places[1].declared_at.text(), places[0].declared_at.text()));
    EXPECT_LT(places[0].declared_at.line, line);
}

// --- fragments ---

TEST_F(Closing, MergesFragmentsInTheOrderOfTheAddressesThatAddThem) {
    struct Adder : Component {
        Adder(const Scope& scope, std::string_view name, const Thing& to) : Component{scope, name} {
            to.contribute(*this, "Rules", List<std::string>{std::string{name} + "-1", std::string{name} + "-2"}.declared());
        }
    };
    const auto a = thing("a", {.rules = {"own"}});
    const Adder second{stack, "second", a};
    const Adder first{stack, "first", a};
    const auto& closed = close_graph();

    EXPECT_EQ(closed.nodes[1].properties, (ValueMap{{"Rules", Value::list({"own", "first-1", "first-2", "second-1", "second-2"})}}));
}

TEST_F(Closing, KeepsThePlaceOfEachPieceOfAFragment) {
    const auto a = thing("a", {.parts = {Part{.label = "own"}}});
    const auto first = std::source_location::current().line();
    const List<Part> more{
        Part{.label = "one"},
        Part{.label = "two"},
    };
    a.contribute(stack, "Parts", more.declared());
    close_graph();

    const auto& locations = stack.graph().resources()[0].locations;
    EXPECT_EQ(locations.find("Parts[0].Label").line, first - 1);
    EXPECT_EQ(locations.find("Parts[1].Label").line, first + 2);
    EXPECT_EQ(locations.find("Parts[2].Label").line, first + 3);
}

TEST_F(Closing, PutsAFragmentWhereNothingWasSet) {
    const auto a = thing("a");
    a.contribute(stack, "Labels", Map<std::string>{{"team", "data"}}.declared());
    const auto& closed = close_graph();

    EXPECT_EQ(closed.nodes[0].properties, (ValueMap{{"Labels", Value::map({{"team", "data"}})}}));
}

TEST_F(Closing, PutsMapEntriesBesideThoseThatAreThere) {
    const auto a = thing("a", {.labels = {{"own", "1"}}});
    a.contribute(stack, "Labels", Map<std::string>{{"more", "2"}}.declared());
    const auto& closed = close_graph();

    EXPECT_EQ(closed.nodes[0].properties, (ValueMap{{"Labels", Value::map({{"more", "2"}, {"own", "1"}})}}));
}

TEST_F(Closing, AppendsStatementsToAPolicyDocument) {
    const auto policy = [](const char* action) {
        return Value::map({{"Version", "2012-10-17"}, {"Statement", Value::list({Value::map({{"Action", action}})})}});
    };
    const auto a = thing("a", {.anything = policy("s3:GetObject")});
    a.contribute(stack, "Anything", Declared{.value = policy("s3:PutObject"), .locations = {}});
    const auto& closed = close_graph();

    EXPECT_EQ(closed.nodes[0].properties,
              (ValueMap{{"Anything", Value::map({{"Version", "2012-10-17"},
                                                 {"Statement", Value::list({Value::map({{"Action", "s3:GetObject"}}),
                                                                            Value::map({{"Action", "s3:PutObject"}})})}})}}));
}

TEST_F(Closing, RefusesAFragmentForAPropertyThatIsNotThere) {
    const auto a = thing("a");
    a.contribute(stack, "Colour", List<std::string>{"red"}.declared());
    close_graph();

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    EXPECT_EQ(diagnostics.errors()[0].summary, "Unknown property");
    EXPECT_EQ(diagnostics.errors()[0].cause, "the stack adds to \"Colour\" of a, which test.Thing does not have.");
    EXPECT_EQ(diagnostics.errors()[0].location.file, "tests/engine/graph/closed_graph_test.cpp");
}

TEST_F(Closing, RefusesAFragmentThatWouldWriteOverWhatIsThere) {
    const auto other = thing("other");
    const auto a = thing("a", {.rules = all<std::string>({other.id()}), .text = "own"});
    a.contribute(stack, "Text", Input<std::string>{"theirs"}.declared());
    a.contribute(stack, "Rules", List<std::string>{"in"}.declared());
    close_graph();

    ASSERT_EQ(diagnostics.errors().size(), 2U);
    EXPECT_EQ(diagnostics.errors()[0].summary, "Nothing can be added to this property");
    EXPECT_EQ(diagnostics.errors()[0].cause, "the stack adds to \"text\" of a, which holds text already.");
    EXPECT_EQ(diagnostics.errors()[1].cause, "the stack adds to \"rules\" of a, which holds an output already.");
}

// --- order ---

TEST_F(Closing, KeepsTheOrderOfDeclarationWhereNothingElseDecides) {
    thing("c");
    thing("a");
    thing("b");

    EXPECT_EQ(order(), (Texts{"c", "a", "b"}));
}

TEST_F(Closing, PutsWhatIsUsedFirstEvenWhenItIsDeclaredLater) {
    thing("a");
    const auto b = thing("b");
    stack.graph().resources()[0].properties.set("Text", b.id().reference());

    EXPECT_EQ(order(), (Texts{"b", "a"}));
}

RC_GTEST_PROP(ClosedGraphOrder, EveryNodeComesOnceAndAfterAllThatItDependsOn, (const std::vector<std::vector<std::uint8_t>>& uses)) {
    Stack stack{"test", {}};
    std::vector<Thing> things;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        std::vector<Output<std::string>> used;
        for (const auto other : uses[i])
            if (i > 0) used.push_back(things[other % i].id());
        ThingArgs args;
        // Every second one uses the others in its facet.
        if (!used.empty() && i % 2 == 0) args.text = used.front();
        if (!used.empty() && i % 2 == 1) args.rules = all(used);
        things.push_back(Thing{stack, fmt::format("t{}", i), args});
    }
    Diagnostics diagnostics;
    const auto closed = close(stack.graph(), diagnostics);

    RC_ASSERT(diagnostics.ok());
    RC_ASSERT(closed.order.size() == closed.nodes.size());
    std::vector<bool> seen(closed.nodes.size(), false);
    for (const auto n : closed.order) {
        for (const auto before : closed.nodes[n].dependencies) RC_ASSERT(seen[before]);
        RC_ASSERT(!seen[n]);
        seen[n] = true;
    }
}

}  // namespace
}  // namespace strata::things
