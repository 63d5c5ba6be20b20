#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/known_secrets.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/auth/credentials.hpp"
#include "providers/aws/auth/signer.hpp"

namespace strata::aws {

struct StsEndpoint {
    std::string url;
    SigningScope scope;
};

/// A role to take on.
struct RoleRequest {
    std::string role_arn;
    std::string session_name;  ///< empty: made from the time
    std::string external_id = {};
    int duration_seconds = 0;             ///< 0: the service's default, an hour
    std::string web_identity_token = {};  ///< of an identity provider, instead of source credentials
};

/// sts:AssumeRole, or sts:AssumeRoleWithWebIdentity where there is such a token. Blocks; tries three times
/// where the network or the service fails. Works without the service's model, so that credentials depend on nothing else.
/// @param source  who assumes; nullptr with a web identity token
/// @param secrets  what must not be shown of the service's words: those of `source` and the token too
/// @errors credentials with the service's own code and message; network, timeout, protocol as Http has them
Result<Credentials> assume_role(const RoleRequest& role, const Credentials* source, const StsEndpoint& endpoint, wire::Http& http,
                                Clock& clock, const KnownSecrets& secrets);

}  // namespace strata::aws
