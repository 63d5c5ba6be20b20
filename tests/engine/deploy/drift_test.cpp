#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

// A full look for drift: what was set beside the program is told, what the service put there by itself is not.

namespace strata::fake {
namespace {

using Paths = std::vector<std::string>;

class FullDrift : public testing::Test, public Harness {
protected:
    static void bare_box(Stack& stack) { Box{stack, "box", {.name = "box-a"}}; }

    /// What was found beside the program, as a person reads it.
    Paths found() {
        const auto result = drift(bare_box);
        EXPECT_EQ(result.error_text(), "");
        Paths paths;
        for (const auto& resource : result.drift.resources)
            for (const auto& beside : resource.unmanaged) paths.push_back(resource.address + ": " + beside.path);
        return paths;
    }

    void SetUp() override { up(bare_box); }
    ValueMap& live() { return cloud.objects["box-a"].properties; }
};

TEST_F(FullDrift, FindsNothingOnAFreshDeployment) { EXPECT_EQ(found(), Paths{}); }

TEST_F(FullDrift, FindsNothingInWhatTheServicePutThereByItself) {
    live().set("Lock", false);
    live().set("Content", "first page of box-a");
    live().set("Rules", ValueList{});
    live().set("Size", 1);

    EXPECT_EQ(found(), Paths{});
}

TEST_F(FullDrift, FindsWhatSomebodyMadeOfIt) {
    live().set("Lock", true);
    live().set("Content", "first page of box-b");
    live().set("Rules", Value::list({"any"}));
    live().set("Size", 2);

    EXPECT_EQ(found(), (Paths{"box: content", "box: lock", "box: rules", "box: size"}));
}

TEST_F(FullDrift, FindsNothingInTheCoreWhereNobodyKnowsWhatTheServiceChooses) {
    live().set("Shelves", Value::list({"top"}));

    EXPECT_EQ(found(), Paths{});
}

}  // namespace
}  // namespace strata::fake
