#pragma once

#include <span>
#include <string>

namespace strata::codegen {

/// The C++ source of compiled_services() and find_service() (providers/aws/model/registry.hpp).
/// @param services names as botocore has them, any order
std::string model_registry(std::span<const std::string> services);

}  // namespace strata::codegen
