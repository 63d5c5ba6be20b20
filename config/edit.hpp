#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment_keys.hpp"
#include "engine/base/error.hpp"
#include "engine/base/files.hpp"

namespace strata {

/// One setting of an environment's file, header included.
struct ConfigEntry {
    std::string key;    ///< dotted path in the file: "settings.network.cidr"
    std::string value;  ///< as text; a list as "[a, b]", a secret as "(secret)", nothing as ""
    bool secret = false;
    Location place = {};
};

/// Where `config_dir`/`environment`.yaml is changed, and what with.
struct ConfigTarget {
    Files& files;
    Variables variables;  ///< for STRATA_PASSPHRASE
    std::filesystem::path config_dir;
    std::string environment;
    KeyService* kms = nullptr;  ///< for an environment whose key KMS keeps
};

enum class Secrecy : std::uint8_t { clear, sealed };

struct ConfigChange {
    Location place;        ///< the line that holds the setting now
    bool added = false;    ///< there was no such setting before
    bool written = false;  ///< false when the file said so already
};

/// Every setting, in the file's order. @errors invalid_config, io
Result<std::vector<ConfigEntry>> list_config(const ConfigTarget& target);

/// One setting. @errors invalid_config when there is none of this name (with a suggestion), or when it is a section
Result<ConfigEntry> get_config(const ConfigTarget& target, std::string_view key);

/// Changes one line of the file, or adds one (the sections around it too, and for the first secret what its key
/// needs: salt, data key). The value keeps
/// the type that it had: text stays text, and a number or boolean takes nothing else. The file is replaced as a whole.
/// @param secrecy  sealed: the value is written as `!sealed ...`; a setting that is sealed already takes only such
/// @errors invalid_config for a key that does not begin with a header's name or "settings", a value of another type, or
///         a line that cannot be edited in place; as EnvironmentKeys::ring() and with_first_key() for a secret; io
Result<ConfigChange> set_config(const ConfigTarget& target, std::string_view key, std::string_view value, Secrecy secrecy = Secrecy::clear);

}  // namespace strata
