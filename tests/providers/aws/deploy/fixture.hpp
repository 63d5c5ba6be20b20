#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "providers/aws/model/registry.hpp"
#include "tests/providers/aws/types/emulated_stack.hpp"

namespace strata::aws {

using Lines = std::vector<std::string>;

/// A stack against an empty emulator, and plain calls beside it.
class AwsStackTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(aws().running()) << aws().why();
        aws().reset();
        (void)aws().calls();
    }

    /// One emulator for the whole program: it takes a second to start.
    static EmulatedAws& aws() {
        static EmulatedAws emulated;
        return emulated;
    }

    /// What somebody else's client gets.
    static Value call(std::string_view service, std::string_view operation, ValueMap params, std::string region = {}) {
        const auto* model = find_service(service);
        auto answer = aws().provider().client().call_and_wait(
            {.service = model, .operation = model->operation(operation), .params = Value{std::move(params)}, .region = std::move(region)});
        EXPECT_TRUE(answer) << answer.error().text();
        return answer ? std::move(answer).value() : Value{};
    }

    /// Nothing to do, and no error.
    static void expect_settled(TestStack& stack, const TestStack::Program& program) {
        const auto result = stack.preview(program);
        EXPECT_EQ(result.error_text(), "");
        EXPECT_FALSE(result.plan.has_changes());
    }
};

}  // namespace strata::aws
