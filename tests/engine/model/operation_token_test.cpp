#include "engine/model/operation_token.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

WallTime at(std::int64_t milliseconds) { return WallTime{Milliseconds{milliseconds}}; }

TEST(OperationToken, IsThirtyTwoHexCharactersThatNoOtherHas) {
    const auto token = operation_token(at(1'795'300'000'000));

    EXPECT_EQ(token.size(), 32U);
    EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(token, operation_token(at(1'795'300'000'000)));
}

TEST(OperationToken, TellsItsAge) {
    const auto token = operation_token(at(1'795'300'000'000));

    EXPECT_EQ(age_of(token, at(1'795'300'002'500)), Milliseconds{2'500});
}

TEST(OperationToken, HasNoAgeWhenItIsOutOfTheFutureOrNoneOfOurs) {
    const auto token = operation_token(at(1'795'300'000'000));

    EXPECT_EQ(age_of(token, at(1'795'299'999'000)), std::nullopt);
    EXPECT_EQ(age_of("", at(1'795'300'000'000)), std::nullopt);
    EXPECT_EQ(age_of("an operator's own token, 32 long", at(1'795'300'000'000)), std::nullopt);
}

}  // namespace
}  // namespace strata
