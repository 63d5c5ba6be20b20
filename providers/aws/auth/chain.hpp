#pragma once

#include <functional>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"
#include "engine/base/files.hpp"
#include "engine/base/known_secrets.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/auth/credentials.hpp"
#include "providers/aws/auth/profile_file.hpp"
#include "providers/aws/auth/sts.hpp"

namespace strata::aws {

struct CredentialsQuery {
    std::string profile = {};      ///< asked for by the program: then the environment's keys are not looked at
    std::string assume_role = {};  ///< taken on with what was found
    std::string external_id = {};
};

/// What the search reads from.
struct CredentialsSources {
    Variables environment;
    Files& files;
    wire::Http& http;
    Clock& clock;
    KnownSecrets& secrets;  ///< grows by what is found
    std::function<Result<StsEndpoint>()> sts;
};

/// The shared files: AWS_CONFIG_FILE (~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials). A file
/// that is not there counts as empty.
/// @errors invalid_config with file and line, io
Result<Profiles> load_profiles(const Variables& environment, Files& files);
/// `asked` when not empty, else AWS_PROFILE, AWS_DEFAULT_PROFILE, "default".
std::string profile_name(const std::string& asked, const Variables& environment);

/// Looks for credentials in the order of AWS's own tools: environment; profile (keys, role with its source,
/// web identity, credential_process); web identity of the environment; container; instance. Blocks.
/// @errors credentials. A source that is set up but fails ends the search with its own error; when there
/// is none, one error lists what was tried.
Result<Credentials> find_credentials(const CredentialsQuery& query, const CredentialsSources& sources);

}  // namespace strata::aws
