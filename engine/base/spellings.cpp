#include "engine/base/spellings.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"

namespace strata {

namespace {

/// Of a longer text only one escape is written, not one upon another.
constexpr std::size_t longest_escaped_twice = 1024;
/// A longer one is looked for as it is. Secrets Manager takes 64 KiB.
constexpr std::size_t longest_escaped = std::size_t{64} << 10;

using Escape = std::function<std::string(const std::string&)>;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

/// The code point that begins at `at` of well-formed UTF-8; `at` then stands behind it.
std::uint32_t next_code_point(const std::string& text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    std::uint32_t code = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1FU : lead < 0xF0 ? lead & 0x0FU : lead & 0x07U;
    for (; at < text.size() && is_continuation(text[at]); ++at) code = code << 6U | (static_cast<unsigned char>(text[at]) & 0x3FU);
    return code;
}

struct JsonStyle {
    bool ascii = false;    ///< nothing but ASCII, as Python's
    bool upper = false;    ///< digits, as Java's
    bool html = false;     ///< < > & escaped, as Go's
    bool slashes = false;  ///< "\/", as PHP's
};

std::string json_escaped(const std::string& text, const JsonStyle& style) {
    static constexpr std::string_view short_ones = "\"\\\b\f\n\r\t";
    static constexpr std::string_view letters = "\"\\bfnrt";
    std::string out;
    const auto unit = [&](std::uint32_t code) { out += style.upper ? fmt::format("\\u{:04X}", code) : fmt::format("\\u{:04x}", code); };
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        const auto code = next_code_point(text, at);
        const auto c = static_cast<char>(code);
        const auto known = code < 0x80 ? short_ones.find(c) : std::string_view::npos;
        if (known != std::string_view::npos) out += fmt::format("\\{}", letters[known]);
        else if (style.slashes && c == '/' && code < 0x80) out += "\\/";
        else if (code < 0x20 || (style.html && (code == '<' || code == '>' || code == '&')) ||
                 (style.ascii && code >= 0x80 && code < 0x10000))
            unit(code);
        else if (style.ascii && code >= 0x10000) {
            unit(0xD800 + ((code - 0x10000) >> 10U));
            unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
        } else out += text.substr(begin, at - begin);
    }
    return out;
}

std::string xml_escaped(const std::string& text, std::string_view quote, std::string_view apostrophe) {
    std::string out;
    for (const char c : text) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += quote;
        else if (c == '\'') out += apostrophe;
        else out += c;
    }
    return out;
}

std::string url_escaped(const std::string& text, Slash slash, bool plus, bool upper) {
    auto out = percent_encode(text, slash);
    std::string written;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] != '%') {
            written += out[i];
            continue;
        }
        const auto escape = out.substr(i, 3);
        i += 2;
        if (plus && escape == "%20") written += '+';
        else if (upper) written += escape;
        else
            for (const char c : escape) written += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return written;
}

const std::vector<Escape>& escapes() {
    static const auto json = [](JsonStyle style) { return [style](const std::string& text) { return json_escaped(text, style); }; };
    static const auto xml = [](std::string_view quote, std::string_view apostrophe) {
        return [=](const std::string& text) { return xml_escaped(text, quote, apostrophe); };
    };
    static const auto url = [](Slash slash, bool plus, bool upper) {
        return [=](const std::string& text) { return url_escaped(text, slash, plus, upper); };
    };
    static const std::vector<Escape> all = {json({}),
                                            json({.ascii = true}),
                                            json({.ascii = true, .upper = true}),
                                            json({.html = true}),
                                            json({.slashes = true}),
                                            xml("\"", "'"),
                                            xml("&quot;", "'"),
                                            xml("&quot;", "&#x27;"),
                                            xml("&quot;", "&apos;"),
                                            xml("&#34;", "&#39;"),
                                            url(Slash::encode, false, true),
                                            url(Slash::encode, false, false),
                                            url(Slash::encode, true, true),
                                            url(Slash::encode, true, false),
                                            url(Slash::keep, false, true)};
    return all;
}

bool needs_no_escape(const std::string& text) {
    return std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    });
}

void add_escaped(const std::string& text, std::set<std::string>& out) {
    if (needs_no_escape(text) || !is_utf8(text)) return;
    // Most escapes leave most texts alone: each form is escaped again once.
    std::set<std::string> once;
    for (const auto& escape : escapes()) once.insert(escape(text));
    if (text.size() <= longest_escaped_twice)
        for (const auto& form : once)
            for (const auto& again : escapes()) out.insert(again(form));
    out.merge(once);
}

/// What of the base64 of something that holds `text` after `offset` bytes (of three) depends on `text` alone.
std::string base64_inside(const std::string& text, std::size_t offset) {
    const auto whole = base64_encode(std::string(offset, '\0') + text);
    const auto begin = (offset * 8 + 5) / 6;
    return whole.substr(begin, (offset + text.size()) * 8 / 6 - begin);
}

std::string for_addresses(std::string base64) {
    std::ranges::replace(base64, '+', '-');
    std::ranges::replace(base64, '/', '_');
    return base64;
}

std::string in_capitals(std::string hex) {
    std::ranges::transform(hex, hex.begin(), [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return hex;
}

void add_encoded(const std::string& text, std::set<std::string>& out) {
    for (std::size_t offset = 0; offset < 3; ++offset) {
        const auto inside = base64_inside(text, offset);
        out.insert(inside);
        out.insert(for_addresses(inside));
    }
    const auto hex = hex_encode(text);
    out.insert(hex);
    out.insert(in_capitals(hex));
}

}  // namespace

std::vector<std::string> spellings(const std::string& text) {
    std::set<std::string> out{text};
    if (text.size() <= longest_escaped) {
        add_escaped(text, out);
        add_encoded(text, out);
        const auto base64 = base64_encode(text);
        for (const auto& form : {base64, for_addresses(base64), percent_encode(base64), url_escaped(base64, Slash::encode, false, false)})
            out.insert(form);
    }
    return {out.begin(), out.end()};
}

std::vector<std::string> fragments(const std::string& text) {
    std::set<std::string> out{text};
    if (text.size() <= longest_escaped) add_encoded(text, out);
    return {out.begin(), out.end()};
}

}  // namespace strata
