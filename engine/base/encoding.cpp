#include "engine/base/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace strata {

namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view hex_digits_upper = "0123456789ABCDEF";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

/// Length of the UTF-8 sequence that starts with `lead` and the lowest code point it may stand for; 0 when invalid.
struct Sequence {
    std::size_t length;
    std::uint32_t lowest;
    std::uint32_t bits;
};

Sequence sequence_of(unsigned char lead) {
    if (lead < 0x80) return {1, 0, lead};
    if ((lead & 0xE0U) == 0xC0) return {2, 0x80, lead & 0x1FU};
    if ((lead & 0xF0U) == 0xE0) return {3, 0x800, lead & 0x0FU};
    if ((lead & 0xF8U) == 0xF0) return {4, 0x10000, lead & 0x07U};
    return {0, 0, 0};
}

/// Of the UTF-8 sequence that `bytes`, which are not empty, begin with; 0 when they begin with none.
std::size_t length_of_character(std::string_view bytes) {
    const auto sequence = sequence_of(static_cast<unsigned char>(bytes.front()));
    if (sequence.length == 0 || sequence.length > bytes.size()) return 0;
    std::uint32_t point = sequence.bits;
    for (std::size_t k = 1; k < sequence.length; ++k) {
        const auto next = static_cast<unsigned char>(bytes[k]);
        if ((next & 0xC0U) != 0x80) return 0;
        point = (point << 6U) | (next & 0x3FU);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < sequence.lowest || point > 0x10FFFF || surrogate ? 0 : sequence.length;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        const auto taken = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k) group = (group << 8U) | (k < taken ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k) out += k <= taken ? base64_digits[(group >> (18 - 6 * k)) & 63U] : '=';
    }
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    int bits = 0;
    for (const char c : text) {
        const auto digit = base64_digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        group = (group << 6U) | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>((group >> static_cast<unsigned>(bits)) & 0xFFU);
        }
    }
    return out;
}

std::string hex_encode(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += hex_digits[static_cast<unsigned char>(c) >> 4U];
        out += hex_digits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

std::optional<std::string> hex_decode(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string percent_encode(std::string_view text, Slash slash) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c) || (c == '/' && slash == Slash::keep)) {
            out += c;
            continue;
        }
        out += '%';
        out += hex_digits_upper[static_cast<unsigned char>(c) >> 4U];
        out += hex_digits_upper[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
        if (!escape) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
        i += 2;
    }
    return out;
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto length = length_of_character(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string with_replacements(std::string_view bytes) {
    constexpr std::string_view replacement_character = "\xEF\xBF\xBD";
    std::string out;
    while (!bytes.empty()) {
        const auto length = length_of_character(bytes);
        out += length == 0 ? replacement_character : bytes.substr(0, length);
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

}  // namespace strata
