#pragma once

#include <optional>

#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"
#include "engine/base/files.hpp"
#include "engine/base/value.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/auth/credentials.hpp"

namespace strata::aws {

/// The JSON in which credential processes, containers and instances hand out credentials.
/// @param token_name  "SessionToken" (process) or "Token" (container, instance)
/// @param what  names the source in an error
Result<Credentials> credentials_from_json(std::string_view json, std::string_view token_name, std::string_view what);

/// From the agent that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI names (ECS, EKS); empty when neither is set.
/// @errors credentials when the address is not one that may be sent a token: https, or plain http to this
/// machine, to 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]
Result<std::optional<Credentials>> container_credentials(const Variables& environment, Files& files, wire::Http& http);

/// From the instance metadata service, version 2 only; empty when AWS_EC2_METADATA_DISABLED is true, or
/// nothing answers within a second (this is no instance), or the instance has no role.
Result<std::optional<Credentials>> instance_credentials(const Variables& environment, wire::Http& http);

}  // namespace strata::aws
