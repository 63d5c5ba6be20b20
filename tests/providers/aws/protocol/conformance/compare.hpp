#pragma once

#include <string>
#include <string_view>

#include "engine/base/value.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::conformance {

/// A case's `params` as the protocol layer takes them: text becomes bytes and NaN where the shape says so.
Value typed(const aws::Shape& shape, const Value& value);

/// A parsed answer as the cases write their `result`: times as seconds, bytes as text, NaN as "NaN".
Value plain(const aws::Shape& shape, const Value& value);

/// True when both are the same XML: the same elements, attributes and texts in any order, and, read by the shape (which
/// knows lists from maps), the same value.
bool same_xml(const aws::Shape& shape, std::string_view a, std::string_view b);

/// True when both hold the same pairs, in any order (`a=1&b=2`).
bool same_pairs(std::string_view a, std::string_view b);

/// True when both forms say the same, where maps (of which `shape` must hold some) may be numbered in any order.
bool same_form(const aws::Shape& shape, std::string_view a, std::string_view b);

}  // namespace strata::conformance
