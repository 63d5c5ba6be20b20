#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// The moment that an argument means: ISO 8601 text, an HTTP date, or seconds since 1970 as number or text.
std::optional<WallTime> moment(const Value& value);

/// A moment as it stands in a Value that we hand out: ISO 8601, with milliseconds only where there are any.
std::string iso8601_precise(WallTime time);

/// @param format unset means iso8601
std::string write_timestamp(WallTime time, TimestampFormat format);

/// "1.5", "2.0", "NaN", "Infinity", "-Infinity".
std::string write_real(double number);

/// A scalar as text, for forms, headers, labels and XML: blobs as base64, timestamps in the member's format or else
/// in `otherwise`. `value` fits the member (check.hpp).
std::string write_text(const Member& member, const Value& value, TimestampFormat otherwise);

/// Reads what write_text wrote, by the shape. Null where a number, a boolean or a moment is expected and the text is empty.
/// A moment in no form that is known stays the text that it is.
/// @return empty when the text is no such scalar
std::optional<Value> read_text(const Shape& shape, std::string_view text);

}  // namespace strata::aws
