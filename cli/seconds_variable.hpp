#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"

namespace strata::cli {

/// A length of time that a variable of the environment sets: whole seconds, from `least` to an hour; empty when it is not set.
/// @param what  it is, for the error: "lease"
/// @errors usage
Result<std::optional<std::chrono::seconds>> seconds_variable(const Variables& variables, std::string_view name, std::string_view what,
                                                             int least);

}  // namespace strata::cli
