#include "engine/base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>

#include <fmt/format.h>

namespace strata {

namespace {

bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
char to_lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Words whose capitals do not mark a boundary inside them.
constexpr std::array<std::string_view, 8> fixed_words = {"IPv4", "IPv6", "Ipv4", "Ipv6", "CIDRs", "ARNs", "IDs", "OpenID"};

std::size_t fixed_word_at(std::string_view text) {
    for (const auto word : fixed_words)
        if (text.starts_with(word) && (text.size() == word.size() || !is_lower(text[word.size()]))) return word.size();
    return 0;
}

/// A new word starts at `i`: "aB", or the last capital of a run that a small letter follows ("DBInstance").
bool starts_word(std::string_view name, std::size_t i) {
    if (i == 0 || !is_upper(name[i]) || name[i - 1] == '_' || name[i - 1] == '-') return false;
    if (!is_upper(name[i - 1])) return true;
    return i + 1 < name.size() && is_lower(name[i + 1]);
}

/// Letters added, left out, changed, or swapped with their neighbour: a swap is the commonest slip, and one.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);  // the row above that of `row`
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(above);
        above.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row.back();
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string out;
    for (const auto& part : parts) {
        if (&part != parts.data()) out += separator;
        out += part;
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), to_lower);
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string indented(std::string_view text, std::size_t spaces) {
    const std::string margin(spaces, ' ');
    std::string out;
    for (const auto& line : split(text, '\n')) {
        if (!out.empty()) out += '\n';
        if (!line.empty()) out += margin + line;
    }
    return out;
}

std::string snake_case(std::string_view wire_name) {
    std::string out;
    const auto new_word = [&] {
        if (!out.empty() && out.back() != '_') out += '_';
    };
    for (std::size_t i = 0; i < wire_name.size(); ++i) {
        if (const auto length = fixed_word_at(wire_name.substr(i)); length > 0) {
            new_word();
            out += lower(wire_name.substr(i, length));
            i += length - 1;
            if (i + 1 < wire_name.size()) out += '_';
            continue;
        }
        const char c = wire_name[i];
        if (c == '-' || c == '.' || c == ':') {
            new_word();
            continue;
        }
        if (starts_word(wire_name, i)) new_word();
        out += to_lower(c);
    }
    return out;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
    const auto bound = std::max<std::size_t>(1, word.size() / 3);
    std::optional<std::string> best;
    auto least = bound + 1;
    for (const auto& candidate : candidates) {
        const auto longer = std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size());
        if (longer >= least) continue;
        const auto edits = edits_between(lower(word), lower(candidate));
        if (edits >= least) continue;
        least = edits;
        best = candidate;
    }
    return best;
}

bool matches_glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    auto star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

std::string counted(std::size_t count, std::string_view noun) { return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s"); }

}  // namespace strata
