#pragma once

#include "providers/aws/codegen/types_declaration.hpp"

namespace strata::codegen {

/// Reads a part of a request: maps and lists as they stand, texts that begin with `$` as references.
Expr read_expression(const Yaml& node);

}  // namespace strata::codegen
