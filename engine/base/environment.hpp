#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace strata {

/// Environment variables as the engine reads them. A variable that is set but empty counts as unset, as
/// the AWS command line has it. Tests hand in a fixed set.
using Variables = std::function<std::optional<std::string>(std::string_view name)>;

/// The process's own variables, read anew at every question.
Variables process_environment();
/// Only the variables given.
Variables fixed_environment(std::map<std::string, std::string, std::less<>> variables);

}  // namespace strata
