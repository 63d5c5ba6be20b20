#pragma once

#include <string>
#include <vector>

#include "tests/engine/deploy/test_stack.hpp"
#include "tests/engine/fake_cloud.hpp"

namespace strata::fake {

using UpResult = TestStack::Result;
using Calls = std::vector<std::string>;

/// A stack with the fake cloud behind it; each result tells the changes that reached the cloud.
class Harness : public TestStack {
public:
    /// @param more  provider instances beside the environment's own, "fake"
    explicit Harness(std::vector<ProviderDeclaration> more = {});

    Cloud cloud;

protected:
    Result run(const Program& program, Purpose purpose, const std::string& address = {}) override;
};

/// A box "box" called box-a with books in it.
void one_box(Stack& stack);

}  // namespace strata::fake
