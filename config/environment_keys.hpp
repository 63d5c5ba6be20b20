#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/encryption.hpp"
#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"
#include "engine/base/files.hpp"
#include "engine/base/key_ring.hpp"

namespace strata {

/// KMS, as far as an environment's key needs it. A data key is bound to the environment: for another one it does not open.
class KeyService {
public:
    struct DataKey {
        SealKey plain;
        std::string sealed;  ///< raw bytes, for KmsKey::data_key
    };

    virtual ~KeyService() = default;
    /// A new data key, of which it was seen that it opens again. @errors as KMS refuses
    virtual Result<DataKey> make(const KmsKey& key, const std::string& environment) = 0;
    /// @errors state_unreadable when KMS refuses; credentials, network, ... when it could not be asked
    virtual Result<SealKey> open(const KmsKey& key, const std::string& environment) = 0;
};

/// What keys are made from, beside the configuration.
struct KeyMeans {
    Files& files;
    Variables variables;        ///< STRATA_PASSPHRASE; and STRATA_NEW_PASSPHRASE while keys are being changed
    KeyService* kms = nullptr;  ///< without one, no data key is opened or made
};

/// The file that holds a new key until it takes the place of `file`.
std::filesystem::path next_key_file(const std::filesystem::path& file);

/// The keys of one environment, found at the first use and then kept: a passphrase takes some tenths of a second (PBKDF2, 600,000
/// rounds), and KMS is asked once for a data key.
///
/// While keys are being changed both are looked for; one is enough to go on with what it opens. The new one, where it is here,
/// seals what is written.
class EnvironmentKeys {
public:
    EnvironmentKeys(std::string environment, EncryptionSettings settings, KeyMeans means);

    /// @errors invalid_config when passphrase, salt, data key or key file is missing or of no use; state_unreadable for a passphrase
    ///         that is not the right one; as KeyService::open(); io
    Result<KeyRing> ring();
    /// As ring(), when its first key is that which a change leads to. @errors also when that one is not here
    Result<KeyRing> ring_with_new_key();
    /// Puts keys in place that are known otherwise.
    void know(EncryptionSettings settings, KeyRing ring);

    /// False as long as there is nothing that a key could be made from: with_first_key() makes it when it is first needed.
    [[nodiscard]] bool has_material() const;
    /// True from the first write of a change of keys to its last.
    [[nodiscard]] bool is_changing() const { return next_source().has_value(); }
    /// The key that a change leads to; empty while there is none.
    [[nodiscard]] std::optional<KeySource> next_source() const;

    [[nodiscard]] const EncryptionSettings& settings() const { return settings_; }
    [[nodiscard]] const std::string& environment() const { return environment_; }
    [[nodiscard]] const KeyMeans& means() const { return means_; }

private:
    [[nodiscard]] Result<KeyRing> find();
    [[nodiscard]] Result<SealKey> key_of(const KeySource& source) const;
    [[nodiscard]] Result<SealKey> next_key(const KeySource& next) const;
    [[nodiscard]] Result<SealKey> former_key(const KeySource& next, bool have_next) const;
    [[nodiscard]] Result<SealKey> key_of_passphrase(const KeySource& source, std::string_view variable) const;

    std::string environment_;
    EncryptionSettings settings_;
    KeyMeans means_;
    bool new_key_is_here_ = false;          ///< that of a change which is not finished
    std::optional<Result<KeyRing>> found_;  ///< also a failure, so that ten secrets do not stretch a key ten times
};

/// What only the key opens that was made from this passphrase, for KeySource::check.
std::string passphrase_check(const SealKey& key, const std::string& environment);

// What cannot be had, at its place in the configuration.
Error placed(Error error, const KeySource& source);
Error no_passphrase(const KeySource& source);
Error no_key_service(const KeySource& source);

/// The key in a key file. @errors not_found; invalid_config when it holds none; io
Result<SealKey> read_key_file(const std::filesystem::path& file, Files& files);
/// Makes a key file for its owner only (mode 0600); another run's that came first is taken. @errors io
Result<SealKey> make_key_file(const std::filesystem::path& file, Files& files);

}  // namespace strata
