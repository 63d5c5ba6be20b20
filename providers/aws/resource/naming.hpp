#pragma once

#include <string>
#include <string_view>

#include "engine/model/provider.hpp"
#include "providers/aws/resource/declaration.hpp"

namespace strata::aws {

/// `wanted` in the characters that the type allows, cut so that "-" and `suffix` fit behind it.
std::string make_name(const NameRule& rule, const ResourceType& type, const ValueMap& properties, std::string_view wanted,
                      std::string_view suffix);
/// The id that a thing with these properties will have; empty when only the service knows.
std::string id_before(const ResourceType& type, const ValueMap& properties, const ProviderIdentity& identity);
/// Outputs that follow from properties alone.
ValueMap outputs_before(const ResourceType& type, const ValueMap& properties, const ProviderIdentity& identity);

}  // namespace strata::aws
