#pragma once

#include <string>
#include <string_view>

#include "engine/base/crypto.hpp"
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/base/value.hpp"

namespace strata {

/// What a stored document is bound to, beside its own bytes: it opens nowhere else.
struct DocumentPlace {
    std::string_view kind;  ///< "snapshot", "segment"
    std::string stack;
    std::string environment;
    std::string lineage;
    std::uint64_t serial = 0;

    /// As associated data: the same for two places only when they are the same.
    [[nodiscard]] std::string text() const;
};

/// JSON whose first member, "authentication", holds nonce and tag (hex) of AES-256-GCM over all its bytes and its place: what
/// stands in it in clear can be read by people, and not be changed without the key.
std::string authenticated_json(const SealKey& key, const DocumentPlace& place, const ValueMap& members, JsonStyle style);

/// What a document says of itself: a member of its outermost map that is no list and no map; null when there is none. It is
/// found without reading the rest, and true only when is_authentic() agrees. In the compact style it is one that stands before the
/// first list or map.
Value stated_in(std::string_view text, std::string_view member);

/// True when `text` is, byte for byte, what authenticated_json() wrote with this key for this place.
bool is_authentic(const SealKey& key, const DocumentPlace& place, std::string_view text);

}  // namespace strata
