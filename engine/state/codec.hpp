#pragma once

#include <string>
#include <string_view>

#include "engine/base/crypto.hpp"
#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// How state and journal are written: every kind of Value has a JSON form, secrets only a sealed one.
///
/// A map with one key that begins with "$" is a mark: {"$secret": base64}, {"$bytes": base64}, {"$text": base64},
/// {"$asset": {...}}, {"$keyed_hash": hex}; a user's own key that begins with "$" is written with one
/// "$" more.
class StateCodec {
public:
    /// @param context bound to every sealed value: a value moved to another document, or to a later one, does not open there
    StateCodec(const SealKey& key, std::string context) : key_{key}, context_{std::move(context)} {}

    [[nodiscard]] Value encode(const Value& value) const;
    [[nodiscard]] ValueMap encode(const ValueMap& values) const;
    /// @errors state_unreadable
    [[nodiscard]] Result<Value> decode(const Value& stored) const;

    [[nodiscard]] Value encode(const ResourceState& resource) const;
    [[nodiscard]] Result<ResourceState> decode_resource(const Value& stored) const;
    [[nodiscard]] Value encode(const OpenStep& step) const;
    [[nodiscard]] Result<OpenStep> decode_step(const Value& stored) const;
    /// The whole snapshot, for authenticated_json().
    [[nodiscard]] ValueMap encode(const State& state) const;
    [[nodiscard]] Result<State> decode_state(const Value& stored) const;

private:
    [[nodiscard]] Result<Value> decode_mark(std::string_view mark, const Value& content) const;

    SealKey key_;
    std::string context_;
};

/// What stands in state for a write-only property: a keyed hash of its value, good for comparing only.
Value keyed_hash(const SealKey& key, const Value& value);
/// True when `stored` is such a hash.
bool is_keyed_hash(const Value& stored);

inline constexpr int state_format = 2;

}  // namespace strata
