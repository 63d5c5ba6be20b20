#pragma once

#include <string>

#include "cli/render/style.hpp"
#include "engine/base/error.hpp"

namespace strata::cli {

enum class Severity : std::uint8_t { error, warning };

/// "error: Summary", then cause and remedy indented by two; ends in a line end. What could be a terminal's control
/// sequence inside (a service's message) is taken out.
std::string problem_text(const Error& problem, Severity severity, const Style& style);

/// `text` with control characters other than line ends and tabs replaced by "?".
std::string harmless(std::string_view text);

}  // namespace strata::cli
