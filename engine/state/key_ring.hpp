#pragma once

#include <utility>
#include <vector>

#include "engine/base/crypto.hpp"

namespace strata {

/// The keys of an environment's state. There is more than one only while keys are being changed (`state rekey`).
struct KeyRing {
    SealKey current;              ///< seals what is written
    std::vector<SealKey> others;  ///< open what was written before, or by a change of keys that was cut off

    KeyRing(const SealKey& key, std::vector<SealKey> more = {}) : current{key}, others{std::move(more)} {}
};

}  // namespace strata
