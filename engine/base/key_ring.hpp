#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "engine/base/crypto.hpp"

namespace strata {

/// The keys that open what an environment has sealed, in its state and its configuration. There is more than one only while keys are
/// being changed (`state rekey`).
struct KeyRing {
    SealKey current;              ///< seals what is written
    std::vector<SealKey> others;  ///< open what was written before, or by a change of keys that was cut off
    /// Why another key of a change that is not finished is not here; what does not open may need it.
    std::optional<Error> missing = {};

    KeyRing(const SealKey& key, std::vector<SealKey> more = {}) : current{key}, others{std::move(more)} {}
};

}  // namespace strata
