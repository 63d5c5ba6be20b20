#pragma once

#include <string>

#include "config/environment_keys.hpp"
#include "engine/base/crypto.hpp"

namespace strata {

/// KMS in memory: a data key opens with the key that made it, and for the environment that it was made for.
class FakeKms final : public KeyService {
public:
    Result<DataKey> make(const KmsKey& key, const std::string& environment) override {
        ++made;
        if (refuses) return refusal();
        const auto plain = random_bytes(32);
        return DataKey{.plain = SealKey{plain}, .sealed = seal(master_, plain, context(key, environment))};
    }
    Result<SealKey> open(const KmsKey& key, const std::string& environment) override {
        ++opened;
        const auto plain = open_sealed(master_, key.data_key, context(key, environment));
        if (refuses || !plain) return refusal();
        return SealKey{*plain};
    }

    int made = 0;
    int opened = 0;
    bool refuses = false;

private:
    static std::string context(const KmsKey& key, const std::string& environment) { return key.id + "\n" + environment; }
    static Error refusal() {
        return {.kind = ErrorKind::state_unreadable, .summary = "KMS refuses", .cause = "It says no.", .remedy = "Ask nicely."};
    }

    SealKey master_{random_bytes(32)};
};

}  // namespace strata
