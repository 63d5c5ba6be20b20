#pragma once

#include <cstddef>
#include <string>

#include "engine/base/value.hpp"

namespace strata::cli {

/// A value on one line, for people: texts in quotes, secrets as (secret), unknowns as (known after apply).
/// @param limit  columns; what is longer ends in "…"; 0: whole
std::string value_text(const Value& value, std::size_t limit = 0);

/// A value over several lines: a JSON document (also one that is held as text) indented, a text by its own lines.
/// Secrets and unknowns as above.
std::string value_lines(const Value& value);

/// True when the value is better read over several lines: a list or map, a text with line ends, a JSON document.
bool is_document(const Value& value);

/// True for a text that is a document of its own: JSON, or several lines.
bool holds_document(const Value& value);

}  // namespace strata::cli
