#pragma once

#include "engine/deploy/provider_set.hpp"
#include "providers/aws/client/client.hpp"

namespace strata::cli {

class Connections;

/// Instances of the AWS provider. Their configuration: region, profile, assume_role, external_id, endpoint, endpoints (by
/// service), and emulator: the endpoint is one of this machine (`strata local`), which takes any credentials.
ProviderKind aws_kind(Connections& connections);

/// How calls are made for an instance with this configuration.
aws::ClientOptions aws_options(const ValueMap& config, const Connections& connections);

}  // namespace strata::cli
