#pragma once

#include <span>
#include <string_view>

#include "engine/model/schema.hpp"

namespace strata::aws {

/// Every resource type that has a file under providers/aws/types, sorted by name.
std::span<const ResourceType* const> resource_types();
/// @param name  "aws.ec2.Vpc"
/// @return nullptr when there is none of that name
const ResourceType* find_resource_type(std::string_view name);

}  // namespace strata::aws
