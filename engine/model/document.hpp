#pragma once

#include <source_location>
#include <string>

#include "engine/model/input.hpp"
#include "engine/model/output.hpp"
#include "engine/model/stack.hpp"

namespace strata {

/// The JSON text of `tree`, which may hold outputs anywhere (`Value{bucket.arn().reference()}`); known when all of them are.
/// Without any output it is known at once.
Output<std::string> json_document(const Scope& scope, const Value& tree, std::source_location where = std::source_location::current());

}  // namespace strata
