#pragma once

#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"

namespace strata::aws {

/// Evaluates the part of JMESPath (jmespath.org/specification.html) that AWS's paginators and waiters are
/// written in: names, `[]`, `[*]`, `[0]`, `[-1]`, `[?filter]`, `==` and its like, `||`, `&&`, `!`, parentheses,
/// `'text'`, `` `json` ``, `@` and `length()`.
/// @return null where the path leads nowhere, and for a path that is not well-formed (see check_path)
Value look_up(const Value& document, std::string_view path);

/// @errors invalid_program when `path` is not of the form above; the byte at which reading ended is named
Status check_path(std::string_view path);

}  // namespace strata::aws
