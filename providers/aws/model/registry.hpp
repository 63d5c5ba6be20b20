#pragma once

#include <span>
#include <string_view>

#include "providers/aws/model/loaded_model.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// Services whose trimmed models are compiled in (made by codegen from providers/aws/models/*.json), ascending by name.
std::span<const Service* const> compiled_services();
/// nullptr when the name is not among them.
const Service* find_service(std::string_view name);

}  // namespace strata::aws
