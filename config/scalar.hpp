#pragma once

#include <string>
#include <string_view>

#include "config/yaml.hpp"
#include "engine/base/value.hpp"

namespace strata {

/// What a node means by YAML 1.2's core schema (section 10.3.2): a plain scalar is null, boolean (true, false), integer
/// (also 0o17 and 0x1f), real or text; quoted ones are text. A whole number that does not fit 64 bits is a real.
/// Only null and scalars; a list, a map and a sealed scalar give null.
Value core_value(const ConfigNode& node);

/// The node as an error names it: `text ("two")`, `a whole number (3)`, `a list`, `a sealed secret`; long text is cut.
std::string described(const ConfigNode& node);

/// `text` as a YAML scalar that is read back as text: plain where that is safe, else in double quotes.
std::string text_as_yaml(std::string_view text);

/// True when `text`, written plain as the value of a setting, is read back with exactly these characters.
bool stays_plain(std::string_view text);

}  // namespace strata
