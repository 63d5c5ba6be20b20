#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/checks.hpp"
#include "engine/base/error.hpp"

namespace strata {

class ConfigReader;

/// A key of KMS that seals an environment's data key, and as whom KMS is asked for it.
struct KmsKey {
    std::string id;             ///< a key's id or ARN, "alias/strata", or an alias's ARN
    std::string data_key = {};  ///< as KMS has sealed it, raw bytes; "" when there is none yet
    // What the file does not say of identity comes from where AWS's own tools look for it, not from a provider.
    std::string region = {};                      ///< that of the ARN, else the environment's, when the file names none
    std::optional<std::string> endpoint = {};     ///< AWS's own when the file names none, whatever endpoint the environment has
    std::optional<std::string> profile = {};      ///< of the shared AWS files
    std::optional<std::string> assume_role = {};  ///< ARN
    std::optional<std::string> external_id = {};
    bool emulated = false;  ///< the endpoint is the environment's own, on this machine
    friend bool operator==(const KmsKey&, const KmsKey&) = default;
};

/// Where one key comes from.
struct KeySource {
    enum class Kind : std::uint8_t {
        file,        ///< a file on this machine, made when first needed
        passphrase,  ///< STRATA_PASSPHRASE, stretched with `salt`
        kms,         ///< a data key that KMS opens
    };

    Kind kind = Kind::passphrase;
    std::filesystem::path file = {};  ///< with Kind::file
    std::string salt = {};            ///< with Kind::passphrase: raw bytes; "" when the configuration has none yet
    std::string check = {};           ///< with Kind::passphrase: raw bytes that only the right key opens; "" when there are none
    KmsKey kms = {};                  ///< with Kind::kms
    Location place = {};              ///< of its section in the configuration
    friend bool operator==(const KeySource&, const KeySource&) = default;
};

/// The key that seals an environment's secrets, in its configuration and in state.
struct EncryptionSettings {
    KeySource key;
    std::optional<KeySource> next = {};  ///< a change of keys (`state rekey`) has begun and is not finished
    friend bool operator==(const EncryptionSettings&, const EncryptionSettings&) = default;
};

/// What an environment's header says beside its section of encryption.
struct EncryptionDefaults {
    std::string environment;
    std::filesystem::path root;  ///< relative paths count from here
    std::string region;
    std::optional<std::string> endpoint = {};
};

/// Reads `encryption:` of an environment's header:
///
///     encryption:                # left out: a key file in `local`, a passphrase elsewhere
///       key: passphrase          # STRATA_PASSPHRASE, by PBKDF2-HMAC-SHA256 with 600,000 rounds; that much is fixed, and stands in no file
///       salt: <base64>           # this and `check` are written when first needed
///       check: <base64>          # tells a wrong passphrase from the right one
///
///       key: file
///       path: .strata/key        # default
///
///       key: kms
///       kms_key: alias/strata    # or a key's id or ARN
///       data_key: <base64>       # written when first needed; KMS opens it with the context strata:environment=<name>
///       region, profile, assume_role, external_id, endpoint   # optional
///
///       next: {...}              # the same again, only while `strata state rekey` changes keys
EncryptionSettings read_encryption(ConfigReader& header, const EncryptionDefaults& defaults);

/// A key's id or ARN, an alias's name or ARN (KMS API reference, "KeyId").
Check is_kms_key();

/// "a passphrase", "the key file .strata/key", "the KMS key alias/strata"
std::string described(const KeySource& source);

/// 16 fresh random bytes for `salt`, as they stand in the configuration (base64).
std::string fresh_salt();

}  // namespace strata
