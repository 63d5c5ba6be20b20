#pragma once

#include <string>

#include "providers/aws/model/loaded_model.hpp"

namespace strata::codegen {

/// The C++ source that defines `strata::aws::generated::<service>_service` as constant-initialised tables.
std::string model_tables(const aws::LoadedModel& model);

}  // namespace strata::codegen
