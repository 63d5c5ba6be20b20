#include "engine/base/environment.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace strata {
namespace {

TEST(Environment, CountsAnEmptyVariableAsUnset) {
    const auto environment = fixed_environment({{"AWS_PROFILE", ""}, {"AWS_REGION", "ca-central-1"}});

    EXPECT_EQ(environment("AWS_PROFILE"), std::nullopt);
    EXPECT_EQ(environment("AWS_REGION"), "ca-central-1");
    EXPECT_EQ(environment("HOME"), std::nullopt);
}

TEST(Environment, OfTheProcessIsReadAnewAtEveryQuestion) {
    const auto environment = process_environment();

    ASSERT_EQ(::setenv("STRATA_ENVIRONMENT_TEST", "first", 1), 0);
    EXPECT_EQ(environment("STRATA_ENVIRONMENT_TEST"), "first");
    ASSERT_EQ(::setenv("STRATA_ENVIRONMENT_TEST", "", 1), 0);
    EXPECT_EQ(environment("STRATA_ENVIRONMENT_TEST"), std::nullopt);
    ASSERT_EQ(::unsetenv("STRATA_ENVIRONMENT_TEST"), 0);
    EXPECT_EQ(environment("STRATA_ENVIRONMENT_TEST"), std::nullopt);
}

}  // namespace
}  // namespace strata
