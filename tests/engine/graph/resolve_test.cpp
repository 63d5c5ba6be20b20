#include "engine/graph/resolve.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "engine/model/document.hpp"
#include "tests/engine/things.hpp"

// From what a program wrote to values: outputs, mapped functions, unknowns and the taint of secrets.

namespace strata::things {
namespace {

class Resolving : public testing::Test {
protected:
    Value resolve(const Value& value) {
        Resolver resolver{stack.graph(),
                          {.resource =
                               [this](std::uint32_t resource, const std::string& output) {
                                   const auto at = known.find(stack.graph().resources()[resource].address + "." + output);
                                   return at != known.end() ? at->second : Value::unknown(stack.graph().resources()[resource].address);
                               },
                           .lookup =
                               [](const LookupNode& node, const ValueMap& arguments) {
                                   return Value{node.kind + " of " + std::string{arguments.find("Name")->text_or("?")}};
                               },
                           .stack_output = [](const StackOutputNode& node) { return Value{node.stack + "/" + node.output}; }},
                          diagnostics};
        return resolver.resolve(value);
    }
    template <typename T>
    Value resolve(const Output<T>& output) {
        return resolve(Value{output.reference()});
    }

    Stack stack{"test", {}};
    const Thing thing{stack, "thing", {}};
    const Thing other{stack, "other", {}};
    std::map<std::string, Value> known{{"thing.Id", "t-1"}, {"thing.Size", 3}, {"other.Id", "t-2"}};
    Diagnostics diagnostics;
};

TEST_F(Resolving, ReplacesReferencesAtEveryDepth) {
    EXPECT_EQ(resolve(Value::map({{"a", Value::list({1, Value{thing.id().reference()}})}})), Value::map({{"a", Value::list({1, "t-1"})}}));
}

TEST_F(Resolving, ComputesWhatIsMappedInTheTypesOfTheProgram) {
    EXPECT_EQ(resolve(thing.size().map([](std::int64_t size) { return size * 2; })), Value(6));
    EXPECT_EQ(resolve(thing.id().map([](const std::string& id) { return id.size() > 2; })), Value(true));
    EXPECT_EQ(resolve(thing.size().map([](std::int64_t size) { return static_cast<double>(size) / 2; })), Value(1.5));
    EXPECT_EQ(resolve(thing.id().map([](const std::string& id) { return std::vector<std::string>{id, "x"}; })), Value::list({"t-1", "x"}));
}

TEST_F(Resolving, MapsWhatIsMappedAlready) {
    const auto once = thing.id().map([](const std::string& id) { return id + "a"; });
    EXPECT_EQ(resolve(once.map([](const std::string& id) { return id + "b"; })), Value("t-1ab"));
}

TEST_F(Resolving, PutsOutputsTogether) {
    EXPECT_EQ(resolve(concat({"arn:", thing.id(), std::string{"/"}, other.id(), "/*"})), Value("arn:t-1/t-2/*"));
    EXPECT_EQ(resolve(all<std::string>({thing.id(), other.id()})), Value::list({"t-1", "t-2"}));
    EXPECT_EQ(resolve(all<std::string>({thing.id(), other.id()}).map([](const std::vector<std::string>& ids) {
                  return static_cast<std::int64_t>(ids.size());
              })),
              Value(2));
}

TEST_F(Resolving, RefusesToPutTogetherNothing) {
    EXPECT_THROW((void)concat({"only text"}), std::logic_error);
    EXPECT_THROW((void)all<std::string>({}), std::logic_error);
}

TEST_F(Resolving, WritesDocumentsWithOutputsInside) {
    EXPECT_EQ(resolve(json_document(stack, Value::map({{"Resource", Value::list({Value{thing.id().reference()}, "b"})}}))),
              Value(R"({"Resource":["t-1","b"]})"));
    EXPECT_EQ(resolve(json_document(stack, Value::map({{"n", 1}}))), Value(R"({"n":1})"));
}

TEST_F(Resolving, IsUnknownWhereAnythingThatIsNeededIs) {
    known.erase("other.Id");

    EXPECT_EQ(resolve(other.id()), Value::unknown("other"));
    EXPECT_TRUE(resolve(concat({thing.id(), other.id()})).has_unknown());
    EXPECT_TRUE(resolve(all<std::string>({thing.id(), other.id()})).has_unknown());
    EXPECT_TRUE(resolve(json_document(stack, Value::list({Value{other.id().reference()}}))).has_unknown());
    EXPECT_TRUE(diagnostics.ok()) << "a function is not called before its inputs are known";
}

TEST_F(Resolving, TheTaintOfASecretFollowsThroughEverythingComputedFromIt) {
    known["other.Id"] = Value::secret("hunter2");

    EXPECT_EQ(resolve(other.id()), Value::secret("hunter2"));
    EXPECT_EQ(resolve(other.id().map([](const std::string& id) { return static_cast<std::int64_t>(id.size()); })), Value::secret(7));
    EXPECT_EQ(resolve(concat({thing.id(), ":", other.id()})), Value::secret("t-1:hunter2"));
    EXPECT_EQ(resolve(all<std::string>({thing.id(), other.id()})), Value::secret(Value::list({"t-1", "hunter2"})));
    EXPECT_EQ(resolve(json_document(stack, Value::list({Value{other.id().reference()}}))), Value::secret(R"(["hunter2"])"));
}

TEST_F(Resolving, ADocumentMadeFromASecretIsSecret) {
    EXPECT_EQ(resolve(json_document(stack, Value::map({{"password", Value::secret("hunter2")}}))),
              Value::secret(R"({"password":"hunter2"})"));
}

TEST_F(Resolving, AsksForLookupsAndOutputsOfOtherStacks) {
    auto& graph = stack.graph();
    const auto lookup = graph.add(Node{LookupNode{
        .kind = "test.Image", .provider = "test", .arguments = {{"Name", thing.id().reference()}}, .output = "Id", .declared_at = {}}});

    EXPECT_EQ(resolve(Value{Reference{lookup}}), Value("test.Image of t-1"));
    EXPECT_EQ(resolve(stack.reference<std::string>("lake", "bronze")), Value("lake/bronze"));
}

TEST_F(Resolving, WhatAMappedFunctionThrowsBecomesADiagnosticAtItsLine) {
    const auto line = std::source_location::current().line();
    const auto broken = thing.id().map([](const std::string& id) -> std::string { throw std::runtime_error{"no digit in " + id}; });
    const auto value = resolve(broken);

    EXPECT_TRUE(value.has_unknown());
    ASSERT_EQ(diagnostics.errors().size(), 1U);
    const auto& error = diagnostics.errors()[0];
    EXPECT_EQ(error.kind, ErrorKind::invalid_program);
    EXPECT_EQ(error.summary, "A function on an output failed");
    EXPECT_EQ(error.cause, "tests/engine/graph/resolve_test.cpp:" + std::to_string(line + 1) + ": no digit in t-1");
    EXPECT_EQ(error.location, (Location{.file = "tests/engine/graph/resolve_test.cpp", .line = line + 1}));
}

TEST_F(Resolving, WhatIsThrownOverASecretIsNotShown) {
    known["thing.Id"] = Value::secret("hunter2");
    resolve(thing.id().map([](const std::string& id) -> std::string { throw std::runtime_error{"cannot use " + id}; }));

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    EXPECT_EQ(diagnostics.errors()[0].text().find("hunter2"), std::string::npos);
}

TEST_F(Resolving, WhatIsThrownAndIsNoExceptionIsADiagnosticToo) {
    resolve(thing.id().map([](const std::string&) -> std::string { throw 5; }));

    ASSERT_EQ(diagnostics.errors().size(), 1U);
    EXPECT_EQ(diagnostics.errors()[0].summary, "A function on an output failed");
}

TEST_F(Resolving, AFunctionThatFailsIsReportedOnceHoweverOftenItIsUsed) {
    const auto broken = thing.id().map([](const std::string&) -> std::string { throw std::runtime_error{"no"}; });
    const Value used{broken.reference()};
    const auto value = resolve(Value::list({used, used, Value{broken.map([](const std::string& text) { return text; }).reference()}}));

    EXPECT_EQ(diagnostics.errors().size(), 1U);
    EXPECT_TRUE(value.has_unknown());
}

TEST_F(Resolving, AFunctionIsCalledOnceOnceItsValueIsKnown) {
    int calls = 0;
    const auto counted = thing.id().map([&calls](const std::string& id) {
        ++calls;
        return id;
    });
    resolve(Value::list({Value{counted.reference()}, Value{counted.reference()}}));

    EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace strata::things
