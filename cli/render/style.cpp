#include "cli/render/style.hpp"

#include <algorithm>

namespace strata::cli {

namespace {

std::string_view sequence_of(Colour colour) {
    switch (colour) {
        case Colour::plain: return "";
        case Colour::bold: return "\x1b[1m";
        case Colour::dim: return "\x1b[2m";
        case Colour::red: return "\x1b[31m";
        case Colour::green: return "\x1b[32m";
        case Colour::yellow: return "\x1b[33m";
        case Colour::blue: return "\x1b[34m";
    }
    return "";
}

bool begins_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::string Style::paint(Colour colour, std::string_view text) const {
    if (!colours_ || colour == Colour::plain || text.empty()) return std::string{text};
    return std::string{sequence_of(colour)}.append(text).append("\x1b[0m");
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b') i = std::min(text.find('m', i), text.size() - 1);
        else if (begins_a_character(text[i])) ++columns;
    }
    return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
    std::string out{text};
    const auto present = columns_of(text);
    if (present < columns) out.append(columns - present, ' ');
    return out;
}

std::string cut(std::string_view text, std::size_t columns) {
    if (columns_of(text) <= columns) return std::string{text};
    if (columns == 0) return {};
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if (begins_a_character(text[end]) && ++seen == columns) break;
    return std::string{text.substr(0, end)} + "…";
}

}  // namespace strata::cli
