#include "components/mistake.hpp"

#include <fmt/format.h>

namespace components {

void mistake(const strata::Scope& scope, const std::string& cause, std::string remedy) {
    scope.stack().graph().diagnostics().error(strata::Error{.kind = strata::ErrorKind::invalid_program,
                                                            .summary = "Wrong argument of a component",
                                                            .cause = fmt::format("{}: {}", scope.address(), cause),
                                                            .remedy = std::move(remedy)});
}

void require(const strata::Scope& scope, const char* argument, const std::string& value) {
    if (value.empty()) mistake(scope, fmt::format("\"{}\" is empty.", argument), fmt::format("Set \"{}\".", argument));
}

}  // namespace components
