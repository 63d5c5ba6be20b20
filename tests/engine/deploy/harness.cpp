#include "tests/engine/deploy/harness.hpp"

namespace strata::fake {

namespace {

std::vector<ProviderDeclaration> with_own(std::vector<ProviderDeclaration> more) {
    more.insert(more.begin(), ProviderDeclaration{
                                  .name = "fake", .kind = "fake", .config = {}, .default_tags = {}, .ignore_tags = {}, .declared_at = {}});
    return more;
}

}  // namespace

Harness::Harness(std::vector<ProviderDeclaration> more)
    : TestStack{{.name = "dev", .account = "123456789012", .region = "here"}, with_own(std::move(more))} {
    serve(kind(cloud));
}

TestStack::Result Harness::run(const Program& program, Purpose purpose, const std::string& address) {
    cloud.calls.clear();
    auto result = TestStack::run(program, purpose, address);
    result.calls = cloud.calls;
    return result;
}

void one_box(Stack& stack) { Box{stack, "box", {.content = "books", .name = "box-a", .size = 3}}; }

}  // namespace strata::fake
