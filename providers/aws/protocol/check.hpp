#pragma once

#include <string>
#include <vector>

#include "engine/base/value.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// Every way in which `params` do not fit an operation's input, each a sentence that begins with the place
/// ("Command.Nme: ..."). Checked are names, kinds, required members, and what could bend a request: empty labels of a
/// path and line breaks in headers. Enums, ranges and patterns are not: those are checked where the program's line is known.
/// @param params a map without secrets; null members count as absent
std::vector<std::string> misfits(const Operation& operation, const Value& params);

}  // namespace strata::aws
