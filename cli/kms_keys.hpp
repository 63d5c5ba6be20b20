#pragma once

#include <memory>
#include <string>

#include "config/environment_keys.hpp"

namespace strata::cli {

class Connections;

/// Data keys of KMS (kms:GenerateDataKey, kms:Decrypt), bound to the environment by the encryption context
/// strata:environment=<name>. One that is opened never leaves memory.
///
/// Credentials are looked for where AWS's own tools look, or are those of the profile or role that the section "encryption" names;
/// only where it names the emulator of the environment itself, the emulator's.
class KmsKeys final : public KeyService {
public:
    /// @param connections  must outlive this
    explicit KmsKeys(Connections& connections) : connections_{connections} {}

    Result<DataKey> make(const KmsKey& key, const std::string& environment) override;
    Result<SealKey> open(const KmsKey& key, const std::string& environment) override;

private:
    Connections& connections_;
};

}  // namespace strata::cli
