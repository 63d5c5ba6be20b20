#pragma once

#include <string>
#include <string_view>

namespace strata::codegen {

/// `text` as a C++ string literal, quotes included; bytes that are not printable ASCII as octal escapes.
std::string cpp_literal(std::string_view text);

/// A service's name as part of a C++ name: what is no letter, digit or `_` becomes `_`.
std::string cpp_name(std::string_view text);

}  // namespace strata::codegen
