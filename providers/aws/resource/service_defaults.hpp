#pragma once

#include <string_view>
#include <vector>

#include "engine/model/provider.hpp"

namespace strata::aws {

/// As Provider::service_defaults, by the type's `service_defaults` (docs/resource-type-format.md).
std::vector<Value> defaults_of_service(const ResourceType& type, std::string_view property, const Live& live, const ValueMap& applied,
                                       const ProviderIdentity& identity);

}  // namespace strata::aws
