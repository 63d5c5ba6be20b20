#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/environment_keys.hpp"

namespace strata {

/// A configuration is committed and read by others, unlike what Files makes by default.
inline constexpr unsigned config_mode = 0644;

/// An environment's file as it is read, or will be written.
struct ConfigText {
    std::filesystem::path file;  ///< "config/dev.yaml"
    std::string text;
};

/// By name, as YAML: "salt" and `"MDEy..."`.
using WrittenSettings = std::vector<std::pair<std::string, std::string>>;

/// A key that nothing is sealed with yet, and what the configuration has to say of it.
struct NewKey {
    SealKey key;
    WrittenSettings settings = {};
};

/// A key made from `passphrase` and a fresh salt.
NewKey new_passphrase_key(std::string_view passphrase, const std::string& environment);
/// A new data key of KMS. @errors as KeyService::make(), with the place in the configuration
Result<NewKey> new_data_key(const KeySource& source, const EnvironmentKeys& keys);

/// The text with these settings below `section` ("encryption"). @errors invalid_config when it cannot be edited in place
Result<std::string> with_settings(const ConfigText& config, std::string_view section, const WrittenSettings& settings);

/// The settings of encryption in a file that says this. @errors invalid_config, the first
Result<EncryptionSettings> encryption_in(const ConfigText& config, const std::string& environment);

/// Makes an environment's first key, of the kind that its configuration names, and lets `keys` know it. What the configuration has
/// to say of it stands in the text that is returned, and has to be written before anything is sealed.
/// @errors invalid_config when STRATA_PASSPHRASE is not set; as KeyService::make(); io
Result<std::string> with_first_key(const ConfigText& config, EnvironmentKeys& keys);

}  // namespace strata
