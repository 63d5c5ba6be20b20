#pragma once

#include <string>
#include <string_view>

namespace strata::cli {

/// Compares `text` with tests/golden/cli/NAME. With STRATA_ACCEPT=1 the file is written instead.
void expect_golden(std::string_view name, const std::string& text);

}  // namespace strata::cli
