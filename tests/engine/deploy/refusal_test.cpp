#include <gtest/gtest.h>

#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {
namespace {

class UpRefused : public testing::Test, public Harness {};

TEST_F(UpRefused, ReportsEveryMistakeOfTheProgramAtOnce) {
    const auto result = up([](Stack& stack) {
        Box{stack, "a", {.name = "x", .size = -1}};
        Box{stack, "b", {.name = "y", .size = -2}};
    });

    ASSERT_EQ(result.errors.size(), 2U);
    EXPECT_NE(result.errors[0].cause.find("refusal_test.cpp:"), std::string::npos);
}

TEST_F(UpRefused, RefusesTwoResourcesOfOneAddress) {
    const auto result = up([](Stack& stack) {
        Box{stack, "a", {.name = "x"}};
        Box{stack, "a", {.name = "y"}};
    });

    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].summary, "Two resources have one address");
}

TEST_F(UpRefused, RefusesAnotherAccount) {
    cloud.account = "999999999999";
    const auto result = up(one_box);
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_EQ(result.errors[0].kind, ErrorKind::wrong_account);
    EXPECT_EQ(result.calls, Calls{});
}

}  // namespace
}  // namespace strata::fake
