#include "engine/plan/align.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace strata {
namespace {

/// "=" for equal pairs, "~" for pairs that differ, "+" added, "-" taken away.
std::string shape(std::string_view desired, std::string_view live) {
    std::string out;
    for (const auto& pair : align(desired.size(), live.size(), [&](std::size_t d, std::size_t l) { return desired[d] == live[l]; }))
        out += pair.desired && pair.live ? (desired[*pair.desired] == live[*pair.live] ? '=' : '~') : pair.desired ? '+' : '-';
    return out;
}

TEST(Align, TakesAnItemPutInAtTheHeadAsOneAddedItem) { EXPECT_EQ(shape("xabc", "abc"), "+==="); }
TEST(Align, TakesAnItemTakenOutOfTheMiddleAsOneRemovedItem) { EXPECT_EQ(shape("ac", "abc"), "=-="); }
TEST(Align, PairsItemsThatChangedWhereTheyStand) { EXPECT_EQ(shape("aXc", "abc"), "=~="); }
TEST(Align, CoversEveryItemOfBothListsOnce) {
    for (const auto& [desired, live] : {std::pair{"", ""}, {"a", ""}, {"", "a"}, {"abcd", "dcba"}, {"xayb", "ab"}, {"ab", "xayb"}}) {
        std::size_t d = 0;
        std::size_t l = 0;
        for (const auto& pair : align(std::string_view{desired}.size(), std::string_view{live}.size(),
                                      [&](std::size_t i, std::size_t j) { return desired[i] == live[j]; })) {
            if (pair.desired) EXPECT_EQ(*pair.desired, d++);
            if (pair.live) EXPECT_EQ(*pair.live, l++);
        }
        EXPECT_EQ(d, std::string_view{desired}.size());
        EXPECT_EQ(l, std::string_view{live}.size());
    }
}

}  // namespace
}  // namespace strata
