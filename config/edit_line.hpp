#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/yaml.hpp"
#include "engine/base/error.hpp"

namespace strata {

/// How far a dotted path leads into a tree.
struct SettingPath {
    const ConfigNode* node = nullptr;           ///< the deepest node on the way that exists; the root at least
    std::string reached = {};                   ///< its path; "" for the root
    std::string missing = {};                   ///< what of the path is left below it; "" when the node is the one meant
    std::vector<const ConfigNode*> above = {};  ///< every map on the way to `node`, the root first
};

/// Follows "settings.network.cidr". A key that itself holds dots ("aws.audit") is found too. Lists are not entered.
SettingPath follow(const ConfigNode& root, std::string_view path);

/// `text` with the value of one setting replaced, or added as the last of its section; every other line stays byte for byte.
/// Sections on the way that are not there are added too. The result is parsed, and differs in this one setting only.
/// @param file     how errors name the text
/// @param path     dotted
/// @param written  the new scalar in YAML, on one line: `7`, `"x"`, `!sealed ...`
/// @errors invalid_config for a list, a section, a value in [brackets] or {braces}, over several lines or with an anchor
Result<std::string> with_setting(std::string_view text, const std::string& file, std::string_view path, std::string_view written);

/// `text` without one setting, or a whole section with what is below it; every other line stays byte for byte. What is not there is
/// no error. A section keeps its name when its last setting goes.
/// @errors invalid_config when it does not stand on lines of its own
Result<std::string> without_setting(std::string_view text, const std::string& file, std::string_view path);

/// `text` with the section at the top that stands in {braces} on one line written line by line, so that it can be edited; the same
/// text where it is written so already, or is not there.
/// @errors invalid_config when it stands on several lines, or holds more than single values
Result<std::string> with_section_in_lines(std::string_view text, const std::string& file, std::string_view name);

/// The value of a node without children as it can be written again: `7`, `"x"`, `!sealed ...`.
std::string written_value(const ConfigNode& node);

/// The character with which the value of `node` begins in `text`; '\0' when it has none.
char first_character(std::string_view text, const ConfigNode& node);

}  // namespace strata
