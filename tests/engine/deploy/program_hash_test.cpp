#include "engine/deploy/program_hash.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "engine/model/document.hpp"
#include "tests/engine/fake_cloud.hpp"

namespace strata::fake {
namespace {

std::string hash_of(const std::function<void(Stack&)>& program) {
    Stack stack{"test", {}};
    program(stack);
    Diagnostics found;
    return program_hash(close(stack.graph(), found));
}

std::string with(const BoxArgs& args, const Options& options = {}) {
    return hash_of([&](Stack& stack) { Box{stack, "box", args, options}; });
}

TEST(ProgramHash, IsTheSameForTheSameDeclarations) { EXPECT_EQ(with({.name = "a"}), with({.name = "a"})); }

TEST(ProgramHash, ChangesWithAPropertyAndWithASecret) {
    EXPECT_NE(with({.name = "a"}), with({.name = "b"}));
    EXPECT_NE(with({.password = secret("one")}), with({.password = secret("two")}));
}

TEST(ProgramHash, ChangesWithEachOption) {
    const auto plain = with({.name = "a"});

    EXPECT_NE(with({.name = "a"}, {.aliases = {{"old"}}}), plain);
    EXPECT_NE(with({.name = "a"}, {.delete_before_replace = true}), plain);
    EXPECT_NE(with({.name = "a"}, {.ignore_changes = {"size"}}), plain);
    EXPECT_NE(with({.name = "a"}, {.protect = true}), plain);
    EXPECT_NE(with({.name = "a"}, {.provider = ProviderHandle{"fake.other"}}), plain);
    EXPECT_NE(with({.name = "a"}, {.replace_on_changes = {"size"}}), plain);
    EXPECT_NE(hash_of([](Stack& stack) {
                  Box{stack, "box", {.name = "a"}};
                  stack.forget("gone");
              }),
              plain);
}

TEST(ProgramHash, ChangesWithTheTextBetweenOutputs) {
    const auto text = [](const char* end) {
        return hash_of([&](Stack& stack) {
            const Key key{stack, "key", {.algorithm = "rsa"}};
            Box{stack, "box", {.content = concat({key.id(), end})}};
        });
    };
    EXPECT_EQ(text("/a"), text("/a"));
    EXPECT_NE(text("/a"), text("/b"));
}

TEST(ProgramHash, ChangesWithADocumentThatHoldsOutputs) {
    const auto document = [](const char* action) {
        return hash_of([&](Stack& stack) {
            const Key key{stack, "key", {.algorithm = "rsa"}};
            Box{stack, "box", {.content = json_document(stack, Value::map({{"Action", action}, {"Resource", key.id().reference()}}))}};
        });
    };
    EXPECT_EQ(document("read"), document("read"));
    EXPECT_NE(document("read"), document("write"));
}

TEST(ProgramHash, ChangesWithWhatALookupAsksAndWhom) {
    const auto asking = [](const char* whom, const char* what) {
        return hash_of([&](Stack& stack) {
            Box{stack, "box", {.content = look_up(stack, "Name", {{"Name", what}}, {.provider = ProviderHandle{whom}})}};
        });
    };

    EXPECT_EQ(asking("fake", "ubuntu"), asking("fake", "ubuntu"));
    EXPECT_NE(asking("fake", "ubuntu"), asking("fake", "debian"));
    EXPECT_NE(asking("fake", "ubuntu"), asking("fake.other", "ubuntu"));
}

TEST(ProgramHash, ChangesWithTheOutputThatAValueIsComputedFrom) {
    const auto program = [](bool of_the_first) {
        return hash_of([&](Stack& stack) {
            const Box first{stack, "first", {.name = "a"}};
            const Box second{stack, "second", {.name = "b"}};
            Box{stack, "third", {.content = (of_the_first ? first : second).id().map([](const std::string& id) { return id; })}};
        });
    };

    EXPECT_EQ(program(true), program(true));
    EXPECT_NE(program(true), program(false));
}

}  // namespace
}  // namespace strata::fake
