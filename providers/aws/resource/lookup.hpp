#pragma once

#include <string_view>

#include "engine/model/provider.hpp"
#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// Answers a lookup of a program.
/// @param kind  "aws.ec2.Image", "aws.ec2.AvailabilityZones", "aws.ec2.PrefixList", "aws.sts.CallerIdentity"
/// @errors not_found when nothing matches; invalid_program for an unknown kind, or when several things match
Result<ValueMap> answer_lookup(Client& client, const ProviderIdentity& identity, std::string_view kind, const ValueMap& arguments);

}  // namespace strata::aws
