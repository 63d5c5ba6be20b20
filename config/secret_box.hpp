#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/crypto.hpp"
#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"
#include "engine/base/files.hpp"

namespace strata {

/// Where the key comes from that seals an environment's secrets, in its configuration and in state.
struct EncryptionSettings {
    enum class Key : std::uint8_t {
        file,        ///< a file on this machine, made when first needed
        passphrase,  ///< STRATA_PASSPHRASE, stretched with `salt`
    };

    Key key = Key::passphrase;
    std::filesystem::path key_file = {};  ///< with Key::file
    std::string salt = {};                ///< with Key::passphrase: raw bytes; "" when the configuration has none yet
    Location place = {};                  ///< of the configuration's encryption section
};

/// What the key is wanted for: `seal` makes a missing key file (mode 0600), `open` never does.
enum class KeyUse : std::uint8_t { open, seal };

/// The environment's key. With a passphrase this takes some tenths of a second (PBKDF2, 600,000 rounds).
/// @errors invalid_config when the passphrase, the salt or the key file is missing or of no use; io
Result<SealKey> environment_key(const EncryptionSettings& settings, Files& files, const Variables& variables, KeyUse use);

/// 16 fresh random bytes for `salt`, as they stand in the configuration (base64).
std::string fresh_salt();

/// Seals and opens the secrets of one environment's configuration; finds its key at the first use. A sealed text is bound
/// to environment and setting: copied to another one it does not open.
class SecretBox {
public:
    SecretBox(std::string environment, EncryptionSettings settings, Files& files, Variables variables);

    /// @param setting  its dotted path in the file ("settings.secrets.fmp_api_key")
    /// @return base64
    Result<std::string> seal(std::string_view plain, std::string_view setting);
    /// @errors invalid_config, the same words for a wrong key, a wrong setting and a changed byte; as environment_key()
    Result<std::string> open(std::string_view sealed, std::string_view setting);

    [[nodiscard]] const std::string& environment() const { return environment_; }

private:
    Result<SealKey> key(KeyUse use);
    [[nodiscard]] std::string context(std::string_view setting) const;

    std::string environment_;
    EncryptionSettings settings_;
    Files& files_;
    Variables variables_;
    std::optional<Result<SealKey>> found_;  ///< also a failure, so that ten secrets do not stretch a key ten times
};

}  // namespace strata
