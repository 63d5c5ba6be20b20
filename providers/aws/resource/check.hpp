#pragma once

#include "engine/model/provider.hpp"

namespace strata::aws {

/// Reports what the service would refuse, as far as its model tells: missing members, ranges, lengths, enums,
/// patterns, JSON that does not parse, address ranges, names that the model does not know. Unknown values pass.
void check_properties(const ResourceType& type, const ValueMap& properties, const Provider::Report& report);

}  // namespace strata::aws
