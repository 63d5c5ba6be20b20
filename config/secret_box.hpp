#pragma once

#include <string>
#include <string_view>

#include "config/environment_keys.hpp"
#include "engine/base/known_secrets.hpp"

namespace strata {

/// Seals and opens the secrets of one environment's configuration; finds its keys at the first use. A sealed text is bound
/// to environment and setting: copied to another one it does not open.
class SecretBox {
public:
    /// @param keys  must outlive this
    /// @param opened  grows by every secret that is opened; nullptr: nobody keeps count
    explicit SecretBox(EnvironmentKeys& keys, KnownSecrets* opened = nullptr) : keys_{keys}, opened_{opened} {}

    /// @param setting  its dotted path in the file ("settings.secrets.fmp_api_key")
    /// @return base64
    Result<std::string> seal(std::string_view plain, std::string_view setting);
    /// @errors invalid_config, the same words for a wrong key, a wrong setting and a changed byte; as EnvironmentKeys::ring()
    Result<std::string> open(std::string_view sealed, std::string_view setting);

    [[nodiscard]] const std::string& environment() const { return keys_.environment(); }

private:
    [[nodiscard]] std::string context(std::string_view setting) const;
    [[nodiscard]] Error cannot_be_opened(std::string_view setting, const KeyRing& ring) const;

    EnvironmentKeys& keys_;
    KnownSecrets* opened_;
};

}  // namespace strata
