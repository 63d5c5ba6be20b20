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

TEST_F(UpRefused, RefusesTextThatIsNotUtf8) {
    const auto result = up([](Stack& stack) {
        Box{stack, "box", {.content = "caf\xE9", .name = "box-a", .password = secret("sesame\xFF"), .tags = {{"place", "\xC0"}}}};
    });
    ASSERT_EQ(result.errors.size(), 3U) << result.error_text();
    EXPECT_NE(result.error_text().find("content: it is not UTF-8 text."), std::string::npos) << result.error_text();
    EXPECT_NE(result.error_text().find("tags.place: it is not UTF-8 text."), std::string::npos) << result.error_text();
    EXPECT_EQ(result.error_text().find("sesame"), std::string::npos) << result.error_text();
    EXPECT_EQ(result.calls, Calls{});
}

TEST_F(UpRefused, RefusesANameThatIsMadeFromASecret) {
    const auto result = up([](Stack& stack) { Box{stack, "box", {.name = secret("sesame")}}; });

    ASSERT_EQ(result.errors.size(), 1U) << result.error_text();
    EXPECT_EQ(result.errors[0].cause, "The name of box is made from a secret: whoever sees the thing, or a list of such, would see it.");
    EXPECT_EQ(result.calls, Calls{});
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
