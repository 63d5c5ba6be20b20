#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"

namespace strata {

/// Bounds on what a JSON text may make of us; the defaults fit every file that we wrote ourselves, like the state of
/// 25,000 resources. For what comes from elsewhere they are closer (a value takes some 100 bytes, its text as few as 2).
struct JsonLimits {
    std::size_t depth = 200;                     ///< nested lists and maps
    std::size_t bytes = std::size_t{256} << 20;  ///< length of the text
    std::size_t values = 2'000'000;              ///< lists and maps counted too
};

/// Of a small document: a lock, a request.
inline constexpr JsonLimits small_json{.depth = 20, .bytes = 64 << 10, .values = 1'000};

/// Reads one JSON document (RFC 8259, UTF-8). Whole numbers become integers when they fit 64 bits,
/// others reals; of a key given twice the last one counts.
/// @param what  names the text in an error ("the answer of glue GetJob", "state/dev.json")
/// @errors ErrorKind::protocol, with the place at which reading failed or the limit that was met
Result<Value> parse_json(std::string_view text, std::string_view what, const JsonLimits& limits = {});

/// Succeeds where parse_json() would, and fails with its error otherwise; keeps nothing of what it reads but one text at a time.
Status check_json(std::string_view text, std::string_view what, const JsonLimits& limits = {});

enum class JsonStyle : std::uint8_t { compact, indented };

/// Writes JSON. Secrets, unknowns and references have no JSON form: writing one is a mistake of the
/// caller, and yields the text "(secret)", "(unknown)" or "(output)", never the content.
/// Bytes are written as base64 text, an asset as {"path","sha256","size"}; a real that is whole keeps
/// its ".0", infinities and NaN become the texts "Infinity", "-Infinity", "NaN". What is not UTF-8 becomes U+FFFD, byte by byte.
std::string to_json(const Value& value, JsonStyle style = JsonStyle::compact);

/// `text` quoted and escaped as a JSON string.
std::string json_quoted(std::string_view text);

}  // namespace strata
