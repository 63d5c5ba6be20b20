#include "config/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata {

namespace {

constexpr std::size_t shown_characters = 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// [-+]?[0-9]+ or, without a sign, 0o[0-7]+ or 0x[0-9a-fA-F]+.
std::optional<std::int64_t> whole_number(std::string_view text) {
    int base = 10;
    if (text.starts_with("0o") || text.starts_with("0x")) {
        base = text[1] == 'o' ? 8 : 16;
        text.remove_prefix(2);
        if (text.starts_with('-')) return std::nullopt;
    } else if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return std::nullopt;
    }
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?, infinities and NaN.
std::optional<double> real_number(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text == ".inf" || text == ".Inf" || text == ".INF")
        return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();

    const bool begins = !text.empty() && (is_digit(text[0]) || (text[0] == '.' && text.size() > 1 && is_digit(text[1])));
    if (!begins) return std::nullopt;
    double number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ptr != text.data() + text.size() || read.ec == std::errc::invalid_argument) return std::nullopt;
    if (read.ec == std::errc::result_out_of_range) number = std::numeric_limits<double>::infinity();
    return negative ? -number : number;
}

std::string cut(std::string_view text) {
    if (text.size() <= shown_characters) return std::string{text};
    auto end = shown_characters;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string{text.substr(0, end)} + "...";
}

std::string_view kind_words(const Value& value) {
    if (value.boolean() != nullptr) return "a boolean";
    if (value.integer() != nullptr) return "a whole number";
    if (value.real() != nullptr) return "a number";
    return "text";
}

}  // namespace

Value core_value(const ConfigNode& node) {
    if (node.kind != ConfigNode::Kind::scalar || node.sealed) return {};
    if (node.quoted) return node.text;

    constexpr std::array<std::string_view, 3> yes = {"true", "True", "TRUE"};
    constexpr std::array<std::string_view, 3> no = {"false", "False", "FALSE"};
    if (std::ranges::find(yes, node.text) != yes.end()) return true;
    if (std::ranges::find(no, node.text) != no.end()) return false;
    if (const auto number = whole_number(node.text)) return *number;
    if (const auto number = real_number(node.text)) return *number;
    return node.text;
}

std::string described(const ConfigNode& node) {
    if (node.sealed) return "a sealed secret";
    switch (node.kind) {
        case ConfigNode::Kind::null: return "nothing";
        case ConfigNode::Kind::list: return "a list";
        case ConfigNode::Kind::map: return "a section";
        case ConfigNode::Kind::scalar: break;
    }
    const auto value = core_value(node);
    if (value.string() != nullptr) return fmt::format("text ({})", json_quoted(cut(node.text)));
    return fmt::format("{} ({})", kind_words(value), cut(node.text));
}

bool stays_plain(std::string_view text) {
    const auto read = parse_yaml(fmt::format("key: {}\n", text), "");
    if (!read || read->children.size() != 1) return false;
    const auto& value = read->children.front();
    return value.kind == ConfigNode::Kind::scalar && !value.quoted && !value.sealed && !value.anchored && value.text == text;
}

std::string text_as_yaml(std::string_view text) {
    ConfigNode plain{.kind = ConfigNode::Kind::scalar, .text = std::string{text}};
    const bool is_text = core_value(plain).string() != nullptr;
    return is_text && stays_plain(text) ? std::string{text} : json_quoted(text);
}

}  // namespace strata
