#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace strata {

/// RFC 4648 section 4, with padding.
std::string base64_encode(std::string_view bytes);
/// Empty when `text` is not base64; white space is not accepted, missing padding is.
std::optional<std::string> base64_decode(std::string_view text);

/// Two lower-case digits a byte.
std::string hex_encode(std::string_view bytes);
std::optional<std::string> hex_decode(std::string_view text);

/// Keeps A-Z a-z 0-9 - _ . ~ (and `/` when asked), writes every other byte as %XX in upper case: the
/// form that AWS signs (Signature Version 4, "URI-encode").
enum class Slash : bool { encode, keep };
std::string percent_encode(std::string_view text, Slash slash = Slash::encode);
/// Decodes %XX; a `%` without two hex digits stays as it is. `+` stays a plus.
std::string percent_decode(std::string_view text);

/// True when every byte belongs to a well-formed UTF-8 sequence (no overlong forms, no surrogates).
bool is_utf8(std::string_view bytes);
/// UTF-8 in any case: U+FFFD stands in place of every byte that belongs to no such sequence.
std::string with_replacements(std::string_view bytes);

}  // namespace strata
