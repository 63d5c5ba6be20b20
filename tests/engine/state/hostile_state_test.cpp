#include <gtest/gtest.h>

#include "tests/bounded.hpp"
#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

/// A state whose snapshot somebody else wrote.
class HostileState : public testing::Test, public StoredLake {
protected:
    /// What a run says that may take `memory` to open it.
    std::string outcome(std::string_view snapshot, std::size_t memory = reader_memory) {
        EXPECT_TRUE(real_files().make_folder(folder / "lake").ok());
        EXPECT_TRUE(real_files().replace(file("snapshot.json"), snapshot).ok());
        return bounded(
                   [&] {
                       const auto opened = open();
                       return opened ? std::string{"opened"} : opened.error().summary + ": " + opened.error().cause;
                   },
                   memory)
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
    // A state may hold 25,000 resources: its reader is given more than others.
    constexpr std::size_t memory = std::size_t{320} << 20;
    EXPECT_EQ(outcome("[" + repeated("0,", 16'000'000) + "0]", memory), refusal("more than 2000000 values"));
}

}  // namespace
}  // namespace strata
