#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace strata {

/// One value of a YAML file with the place where it stands; a list or map owns what is below it.
struct ConfigNode {
    enum class Kind : std::uint8_t { null, scalar, list, map };

    Kind kind = Kind::null;
    std::string text = {};       ///< of a scalar, without its quotes
    bool quoted = false;         ///< a scalar in quotes or a block (| or >): always text
    bool sealed = false;         ///< tagged !sealed: `text` is base64 of a sealed secret
    bool flow = false;           ///< a list or map in [brackets] or {braces}
    bool anchored = false;       ///< has an anchor, or came from one through an alias
    Location place = {};         ///< of the value; of the key where there is no value
    std::uint32_t column = 0;    ///< of `place`, in bytes from 1
    std::string key = {};        ///< under which it stands in its map
    std::uint32_t key_line = 0;  ///< 0 when it stands in no map
    std::uint32_t key_column = 0;
    std::vector<ConfigNode> children = {};  ///< of a list or map, in the file's order

    /// The child of a map under `name`, or nullptr.
    [[nodiscard]] const ConfigNode* find(std::string_view name) const;
    [[nodiscard]] ConfigNode* find(std::string_view name);
    /// Of the key, and for what has none of the value.
    [[nodiscard]] Location key_place() const { return {place.file, key_line == 0 ? place.line : key_line}; }
};

/// Bounds on what a YAML text may make of us; no configuration that people write comes near them.
struct YamlLimits {
    std::size_t bytes = std::size_t{4} << 20;       ///< length of the text
    std::size_t depth = 100;                        ///< nested lists and maps
    std::size_t nodes = 100'000;                    ///< values, those that aliases repeat counted again
    std::size_t expanded = std::size_t{8} << 20;    ///< bytes of text, counted likewise
    std::size_t unbroken = std::size_t{128} << 10;  ///< bytes in which no value ends: one text, comments, brackets that only open
};

/// Reads one YAML 1.2 document (UTF-8). A key given twice, a key that is not text, a tag other than !sealed and
/// !!str, a merge key (<<), a second document and an empty file are mistakes.
/// @param file  how errors and places name the file
/// @errors invalid_config, one, with file and line
Result<ConfigNode> parse_yaml(std::string_view text, const std::string& file, const YamlLimits& limits = {});

}  // namespace strata
