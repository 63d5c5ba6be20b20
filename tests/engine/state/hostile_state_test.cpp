#include <gtest/gtest.h>

#include "tests/bounded.hpp"
#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

/// A state whose snapshot somebody else wrote.
class HostileState : public testing::Test, public StoredLake {
protected:
    /// What a run says that may take `memory` to open it.
    std::string outcome(std::string_view snapshot) {
        EXPECT_TRUE(real_files().make_folder(folder / "lake").ok());
        EXPECT_TRUE(real_files().replace(file("snapshot.json"), snapshot).ok());
        // The text is read once, and not counted.
        return bounded(
                   [&] {
                       const auto opened = open();
                       return opened ? std::string{"opened"} : opened.error().summary + ": " + opened.error().cause;
                   },
                   reader_memory + snapshot.size())
            .said;
    }
    std::string refusal(std::string_view why) { return "State cannot be read: " + store.location() + ", snapshot: " + std::string{why}; }
};

TEST_F(HostileState, EndsDeepNestingWithOneError) {
    EXPECT_EQ(outcome(repeated("[", 100'000)), refusal("nested deeper than 200 levels"));
    EXPECT_EQ(outcome(repeated("{\"a\":", 100'000)), refusal("nested deeper than 200 levels"));
}

TEST_F(HostileState, EndsOneHugeNumberWithOneError) {
    EXPECT_EQ(outcome("{\"serial\":" + std::string(8'000'000, '1') + "}"), refusal("a number of more than 100000 digits"));
}

TEST_F(HostileState, EndsTooManyValuesWithOneError) {
    EXPECT_EQ(outcome("[" + repeated("0,", 8'000'000) + "0]"), refusal("more than 2000000 values"));
}

TEST_F(HostileState, IsNotReadBeforeItIsKnownToBeOurs) {
    const auto tampered =
        "State cannot be opened: " + store.location() + ", snapshot: the key is not the one it was written with, or it was changed.";
    EXPECT_EQ(outcome("[" + repeated("[],", 50'000'000) + "0]"), tampered);
    EXPECT_EQ(outcome("{\n  \"serial\": " + repeated("1", 100'000'000) + "\n}"), tampered);
    EXPECT_EQ(outcome("\"" + repeated("a", 200'000'000) + "\""), tampered);
}

TEST_F(HostileState, EndsAFileLargerThanAnyStateWithOneError) {
    EXPECT_EQ(outcome(std::string((256U << 20U) + 1, ' ')),
              "State cannot be read: " + std::string{"file "} + file("snapshot.json").string() + ": it has more than 256 MB.");
}

}  // namespace
}  // namespace strata
