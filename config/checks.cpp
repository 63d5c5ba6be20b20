#include "config/checks.hpp"

#include <algorithm>
#include <charconv>
#include <regex>
#include <utility>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

std::string quoted_words(const std::vector<std::string>& words) {
    std::vector<std::string> quoted;
    for (const auto& word : words) quoted.push_back(json_quoted(word));
    return join(quoted, ", ");
}

/// A whole decimal number without sign or leading zeros, at most `most`.
std::optional<std::uint32_t> small_number(std::string_view text, std::uint32_t most) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number > most) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return number;
}

std::optional<std::uint32_t> ipv4_address(std::string_view text) {
    const auto parts = split(text, '.');
    if (parts.size() != 4) return std::nullopt;
    std::uint32_t address = 0;
    for (const auto& part : parts) {
        const auto octet = small_number(part, 255);
        if (!octet) return std::nullopt;
        address = address << 8U | *octet;
    }
    return address;
}

std::string ipv4_text(std::uint32_t address) {
    return fmt::format("{}.{}.{}.{}", address >> 24U, address >> 16U & 0xFFU, address >> 8U & 0xFFU, address & 0xFFU);
}

std::optional<Complaint> network_complaint(const std::string& text, int shortest_prefix, int longest_prefix) {
    const auto slash = text.find('/');
    const auto address = ipv4_address(text.substr(0, slash));
    const auto prefix = slash == std::string::npos ? std::nullopt : small_number(text.substr(slash + 1), 32);
    if (!address || !prefix)
        return Complaint{fmt::format("must be an IPv4 network in CIDR form, but is {}.", json_quoted(text)), "Write it like 10.0.0.0/16."};

    if (static_cast<int>(*prefix) < shortest_prefix || static_cast<int>(*prefix) > longest_prefix)
        return Complaint{fmt::format("must have a prefix from /{} to /{}, but is {}.", shortest_prefix, longest_prefix, text)};

    const auto mask = *prefix == 0 ? 0U : ~std::uint32_t{0} << (32U - *prefix);
    if ((*address & ~mask) != 0)
        return Complaint{fmt::format("must be the first address of its network, but is {}.", text),
                         fmt::format("Write {}/{}.", ipv4_text(*address & mask), *prefix)};
    return std::nullopt;
}

}  // namespace

Check between(std::int64_t least, std::int64_t most) {
    return [=](const Value& value) -> std::optional<Complaint> {
        const auto number = value.integer_or(0);
        if (number >= least && number <= most) return std::nullopt;
        return Complaint{fmt::format("must be between {} and {}, but is {}.", least, most, number)};
    };
}

Check at_least(std::int64_t least) {
    return [=](const Value& value) -> std::optional<Complaint> {
        const auto number = value.integer_or(0);
        if (number >= least) return std::nullopt;
        return Complaint{fmt::format("must be at least {}, but is {}.", least, number)};
    };
}

Check between_reals(double least, double most) {
    return [=](const Value& value) -> std::optional<Complaint> {
        const auto number = value.real() != nullptr ? *value.real() : static_cast<double>(value.integer_or(0));
        if (number >= least && number <= most) return std::nullopt;
        return Complaint{fmt::format("must be between {} and {}, but is {}.", least, most, number)};
    };
}

Check one_of(std::vector<std::string> words) {
    return [words = std::move(words)](const Value& value) -> std::optional<Complaint> {
        const std::string text{value.text_or("")};
        if (std::ranges::find(words, text) != words.end()) return std::nullopt;
        const auto meant = nearest(text, words);
        return Complaint{fmt::format("must be one of {}, but is {}.", quoted_words(words), json_quoted(text)),
                         meant ? fmt::format("Did you mean {}?", json_quoted(*meant)) : ""};
    };
}

Check not_empty() {
    return [](const Value& value) -> std::optional<Complaint> {
        if (!value.text_or("").empty()) return std::nullopt;
        return Complaint{"must not be empty."};
    };
}

Check matching(std::string pattern, std::string wanted) {
    return [pattern = std::move(pattern), wanted = std::move(wanted)](const Value& value) -> std::optional<Complaint> {
        const std::string text{value.text_or("")};
        // libstdc++'s matcher recurses once a character; no setting with a form of its own is longer than an ARN.
        constexpr std::size_t longest = 2048;
        if (text.size() <= longest && std::regex_match(text, std::regex{pattern})) return std::nullopt;
        return Complaint{fmt::format("must be {}, but is {}.", wanted, json_quoted(text.substr(0, longest)))};
    };
}

Check ipv4_network(int shortest_prefix, int longest_prefix) {
    return [=](const Value& value) { return network_complaint(std::string{value.text_or("")}, shortest_prefix, longest_prefix); };
}

Check all_of(std::vector<Check> checks) {
    return [checks = std::move(checks)](const Value& value) -> std::optional<Complaint> {
        for (const auto& check : checks)
            if (auto complaint = check(value)) return complaint;
        return std::nullopt;
    };
}

}  // namespace strata
