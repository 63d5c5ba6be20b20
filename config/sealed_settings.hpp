#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/new_key.hpp"
#include "config/secret_box.hpp"
#include "config/yaml.hpp"

namespace strata {

/// A secret as it stands in an environment's file.
struct SealedSetting {
    std::string setting;  ///< its dotted path, to which it is bound
    std::string text;     ///< base64
    Location place;
};

/// Every secret of a file, in its order.
std::vector<SealedSetting> sealed_settings(const ConfigNode& root);

/// Opens each, to see that it does. @errors invalid_config, with file and line
Status all_open(const std::vector<SealedSetting>& secrets, SecretBox& box);

/// The text with every secret sealed anew; every other byte stays.
/// @errors invalid_config when one does not open, or does not stand on one line
Result<std::string> with_secrets_resealed(const ConfigText& config, SecretBox& box);

}  // namespace strata
