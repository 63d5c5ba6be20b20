#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "config/edit.hpp"
#include "config/environment_keys.hpp"
#include "config/new_key.hpp"

namespace strata {

/// What is asked of a new key. What is not said is as it was: a new key of the same kind.
struct WantedKey {
    std::optional<KeySource::Kind> kind = {};
    std::string kms_key = {};   ///< only with Kind::kms
    std::string key_file = {};  ///< only with Kind::file; relative paths count from the project's folder
};

/// A change of an environment's key, as far as its configuration goes. Between begin() and finish() everything that is sealed is
/// sealed anew. It may be cut off at any point: from begin() on the file (or, where one key file takes the place of another, the
/// file <path>.next beside it) says that two keys are in use, until finish() has come to its end; the next change goes on from there.
class KeyChange {
public:
    /// Looks at what there is; writes nothing.
    /// @param keys  of the environment; must outlive this
    /// @errors usage for what does not go together; invalid_config when a secret of the file does not open, or the new key cannot be
    ///         as wanted; as EnvironmentKeys::ring()
    static Result<KeyChange> prepare(const ConfigTarget& target, EnvironmentKeys& keys, const WantedKey& wanted);

    struct Finished {
        std::size_t secrets = 0;    ///< that the file holds
        bool file_changed = false;  ///< the configuration's, by this run or an earlier one
    };

    /// True when an earlier run has begun it.
    [[nodiscard]] bool resumed() const { return resumed_; }
    [[nodiscard]] const KeySource& from() const { return keys_->settings().key; }
    [[nodiscard]] const KeySource& to() const { return to_; }

    /// Makes the new key, unless an earlier run has, and notes it: from now on others find both. Returns them, the new one first.
    /// @errors invalid_config when STRATA_NEW_PASSPHRASE is missing or too short; as KeyService::make(); io
    Result<KeyRing> begin();
    /// Seals the secrets of the file with the new key and lets go of the one before, in one replacement of the file.
    /// @param ring  of begin()
    /// @errors as prepare(); io
    Result<Finished> finish(const KeyRing& ring);

private:
    KeyChange(const ConfigTarget& target, EnvironmentKeys& keys, ConfigText config);

    Status plan(const WantedKey& wanted);
    Status go_on(const WantedKey& wanted, const KeySource& begun);
    Result<KeySource> written_down(const WantedKey& wanted, KeySource::Kind kind);
    [[nodiscard]] Status may_take_file() const;
    Result<NewKey> new_key();
    Status put_key_file_in_place(const SealKey& key);

    ConfigTarget target_;
    EnvironmentKeys* keys_;
    ConfigText config_;
    KeySource to_;
    bool resumed_ = false;
    bool in_place_ = false;  ///< one key file takes the place of another: the configuration says nothing of it
};

}  // namespace strata
