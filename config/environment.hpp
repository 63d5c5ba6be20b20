#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/encryption.hpp"
#include "config/state_location.hpp"
#include "config/yaml.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/files.hpp"
#include "engine/model/stack.hpp"

namespace strata {

/// One instance of a provider: which account and region it works on, and as whom.
struct ProviderSettings {
    std::string name;         ///< "aws", "aws.audit"
    std::string kind;         ///< what stands before the dot: "aws"
    std::string region = {};  ///< the environment's when the file names none
    std::optional<std::string> profile = {};
    std::optional<std::string> assume_role = {};  ///< ARN
    std::optional<std::string> external_id = {};
    std::map<std::string, std::string> default_tags = {};
    std::vector<std::string> ignore_tags = {};  ///< keys or globs that are never looked at
    Location place = {};
};

/// How much one run may take away without being told so by name (`--allow`).
struct ChangeBudget {
    std::optional<std::int64_t> data_losses = {};  ///< deletions and replacements of what holds data; empty: any number
    std::optional<std::int64_t> deletions = {};    ///< of anything; empty: any number
    Location place = {};
};

/// What the header of config/<name>.yaml says, and the program's own settings below it, unread.
struct LoadedEnvironment {
    Environment environment;
    std::filesystem::path file;                         ///< "config/dev.yaml"
    std::optional<std::string> endpoint = {};           ///< for every service
    std::map<std::string, std::string> endpoints = {};  ///< by service ("s3"); wins over `endpoint`
    StateLocation state;
    EncryptionSettings encryption;
    ChangeBudget budget;
    std::vector<ProviderSettings> providers;  ///< has always one named "aws"
    ConfigNode settings;                      ///< for ConfigReader{settings, "settings", ...}; a null node when there is none
};

/// Reads the header of `config_dir`/`name`.yaml. Relative paths in it (state, key file) count from the folder above `config_dir`.
///
///     account: 123456789012             # required; twelve digits
///     region: ca-central-1              # required
///     partition: aws                    # default: the region's
///     zones: [ca-central-1a]            # availability zones in the order in which programs use them
///     endpoint: http://127.0.0.1:4566   # one for all services
///     endpoints: {s3: http://...}       # by service
///     state: .strata/state              # default; or s3://bucket/prefix
///     state: {url: s3://bucket/prefix, region, profile, endpoint, assume_role, external_id}  # all but `url` optional
///     encryption: {key: passphrase, ...}  # or `file`, `kms`: see read_encryption()
///     budget:                           # what one run may delete or replace without --allow NAME
///       data_losses: 0                  # of what holds data; default: 0, in `local` any number
///       deletions: 20                   # of anything; default: any number
///     providers:
///       aws: {region, profile, assume_role, external_id, default_tags, ignore_tags}
///       aws.audit: {...}
///     settings: ...                     # the program's own
///
/// @param found  gets every mistake in the file's header
/// @return empty when there is no file that can be read as YAML; else what could be read: look at `found` before using it
std::optional<LoadedEnvironment> load_environment(Files& files, const std::filesystem::path& config_dir, std::string_view name,
                                                  Diagnostics& found);

/// As load_environment(), of a file that says `text`.
std::optional<LoadedEnvironment> read_environment(std::string_view text, const std::filesystem::path& file, std::string_view name,
                                                  Diagnostics& found);

/// The environments that have a file, sorted; none when the folder is not there.
Result<std::vector<std::string>> list_environments(Files& files, const std::filesystem::path& config_dir);

/// The file of an environment, which has to exist.
/// @errors invalid_config, naming the environments that there are
Result<std::filesystem::path> environment_file(Files& files, const std::filesystem::path& config_dir, std::string_view name);

/// The partition of a region by its prefix: "aws", "aws-cn", "aws-us-gov".
std::string partition_of(std::string_view region);

/// True for "http://127.0.0.1:4566", "https://localhost/base" and the like.
bool is_on_this_machine(std::string_view url);

}  // namespace strata
