#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace strata::aws {

using Settings = std::map<std::string, std::string, std::less<>>;

/// What ~/.aws/config and ~/.aws/credentials hold.
struct Profiles {
    std::map<std::string, Settings, std::less<>> profiles;      ///< "default" and others; names of settings in lower case
    std::map<std::string, Settings, std::less<>> services;      ///< of `[services NAME]`; "dynamodb.endpoint_url"
    std::map<std::string, Settings, std::less<>> sso_sessions;  ///< of `[sso-session NAME]`

    /// The profile, or nullptr.
    [[nodiscard]] const Settings* find(std::string_view profile) const;
};

/// In the configuration file a profile is `[profile NAME]` (or `[default]`), in the credentials file `[NAME]`.
enum class ProfileFileKind : bool { config, credentials };

/// Bytes; theirs are a few thousand.
inline constexpr std::size_t longest_profile_file = std::size_t{1} << 20;

/// Reads such a file into `out`; what the file says replaces what is there already. Nested settings
/// ("s3 =" with indented lines below) become "s3.NAME".
/// @errors invalid_config; every line that cannot be read is named as FILE:LINE, up to twenty of them.
/// The text of a line is never shown: it may be a key.
Status read_profiles(std::string_view text, std::string_view file, ProfileFileKind kind, Profiles& out);

}  // namespace strata::aws
