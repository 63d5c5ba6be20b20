#include "config/yaml.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "config/scalar.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

/// Longer ones are no different, and parsing each anew takes its time.
constexpr std::size_t longest_text = 200;

void require_text_is_kept(const std::string& text) {
    if (text.size() > longest_text) return;
    const auto written = text_as_yaml(text);
    const auto again = parse_yaml(fmt::format("key: {}\n", written), "again.yaml");
    require(again.ok(), "text that is written can be read");
    require(again->children.size() == 1 && core_value(again->children.front()) == Value{text},
            "text that is written reads as the same text");
}

void walk(const ConfigNode& node, std::size_t depth, std::uint32_t lines) {
    require(depth <= YamlLimits{}.depth + 1, "no value is deeper than the limit");
    require(node.place.line <= lines, "a value stands inside the file");
    require(!described(node).empty(), "a value can be named in an error");
    if (node.kind == ConfigNode::Kind::scalar && !node.sealed) require_text_is_kept(node.text);
    for (const auto& child : node.children) {
        require(node.kind != ConfigNode::Kind::map || node.find(child.key) == &child, "a setting is found by its name");
        walk(child, depth + 1, lines);
    }
}

}  // namespace

void yaml(std::string_view input) {
    const auto root = parse_yaml(input, "input.yaml");
    if (root) walk(*root, 1, static_cast<std::uint32_t>(std::ranges::count(input, '\n')) + 1);
    else require_readable(root.error());
}

}  // namespace strata::fuzz
