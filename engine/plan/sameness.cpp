#include "engine/plan/sameness.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

/// Sorted, without repeats; one item alone stands for itself.
Value as_text_set(const Value& value) {
    const auto* items = value.list();
    if (items == nullptr) return value;
    auto sorted = *items;
    std::ranges::sort(sorted, {}, [](const Value& item) { return to_json(item); });
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted.size() == 1 ? sorted.front() : Value{std::move(sorted)};
}

/// true and 5 are "true" and "5" in conditions.
Value as_text(const Value& value) {
    if (const auto* items = value.list()) {
        ValueList texts;
        for (const auto& item : *items) texts.push_back(as_text(item));
        return texts;
    }
    return value.boolean() != nullptr || value.integer() != nullptr || value.real() != nullptr ? Value{to_json(value)} : value;
}

bool is_account_id(std::string_view text) { return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos; }

Value canonical_principal(const Value& principal) {
    const auto* kinds = principal.map();
    if (kinds == nullptr) return principal;
    ValueMap out;
    for (const auto& [kind, who] : *kinds) {
        ValueList names = who.list() != nullptr ? *who.list() : ValueList{who};
        for (auto& name : names)
            if (kind == "AWS" && is_account_id(name.text_or(""))) name = fmt::format("arn:aws:iam::{}:root", name.text_or(""));
        out.set(kind, as_text_set(Value{std::move(names)}));
    }
    return out;
}

Value canonical_condition(const Value& condition) {
    const auto* operators = condition.map();
    if (operators == nullptr) return condition;
    ValueMap out;
    for (const auto& [name, keys] : *operators) {
        ValueMap canonical;
        if (const auto* entries = keys.map())
            for (const auto& [key, value] : *entries) canonical.set(key, as_text_set(as_text(value)));
        out.set(name, std::move(canonical));
    }
    return out;
}

Value canonical_statement(const Value& statement) {
    const auto* members = statement.map();
    if (members == nullptr) return statement;
    ValueMap out;
    for (const auto& [name, member] : *members) {
        if (name == "Principal" || name == "NotPrincipal") out.set(name, canonical_principal(member));
        else if (name == "Condition") out.set(name, canonical_condition(member));
        else if (name == "Sid" && member.text_or("x").empty()) continue;
        else out.set(name, as_text_set(member));
    }
    return out;
}

Value canonical_policy(const ValueMap& policy) {
    ValueMap out;
    for (const auto& [name, member] : policy) {
        if (name != "Statement") {
            out.set(name, member);
            continue;
        }
        ValueList statements;
        for (const auto& statement : member.list() != nullptr ? *member.list() : ValueList{member})
            statements.push_back(canonical_statement(statement));
        out.set(name, as_text_set(Value{std::move(statements)}));
    }
    return out;
}

/// The part of an ARN, path or URL after its last '/' or ':'.
std::string_view last_part(std::string_view name) {
    const auto at = name.find_last_of("/:");
    return at == std::string_view::npos ? name : name.substr(at + 1);
}

bool same_arn_or_id(std::string_view a, std::string_view b) {
    if (a == b) return true;
    const bool a_is_arn = a.starts_with("arn:");
    const bool b_is_arn = b.starts_with("arn:");
    if (a_is_arn == b_is_arn) return false;
    const auto arn = a_is_arn ? a : b;
    const auto id = a_is_arn ? b : a;
    return !id.empty() && (last_part(arn) == id || arn.ends_with(fmt::format("/{}", id)) || arn.ends_with(fmt::format(":{}", id)));
}

struct Network {
    std::uint32_t address = 0;
    unsigned bits = 32;
};

std::optional<Network> parse_cidr(std::string_view text) {
    const auto slash = text.find('/');
    const auto parts = split(text.substr(0, slash), '.');
    if (parts.size() != 4) return std::nullopt;
    Network network;
    for (const auto& part : parts) {
        unsigned byte = 256;
        std::from_chars(part.data(), part.data() + part.size(), byte);
        if (byte > 255) return std::nullopt;
        network.address = (network.address << 8U) | byte;
    }
    if (slash != std::string_view::npos) std::from_chars(text.data() + slash + 1, text.data() + text.size(), network.bits);
    if (network.bits > 32) return std::nullopt;
    if (network.bits < 32) network.address &= network.bits == 0 ? 0U : ~0U << (32U - network.bits);
    return network;
}

bool same_cidr(std::string_view a, std::string_view b) {
    const auto left = parse_cidr(a);
    const auto right = parse_cidr(b);
    if (!left || !right) return equal_ignoring_case(a, b);
    return left->address == right->address && left->bits == right->bits;
}

bool same_version(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    return a == b || (b.starts_with(a) && b[a.size()] == '.');
}

std::optional<double> number_of(const Value& value) {
    if (const auto* whole = value.integer()) return static_cast<double>(*whole);
    if (const auto* real = value.real()) return *real;
    const auto text = value.text_or("");
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool same_number(const Value& a, const Value& b) {
    const auto left = number_of(a);
    const auto right = number_of(b);
    return left && right && *left == *right;
}

std::string_view without_last_newline(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return text;
}

bool same_texts(Sameness rule, std::string_view a, std::string_view b) {
    switch (rule) {
        case Sameness::arn_or_id: return same_arn_or_id(a, b);
        case Sameness::without_case: return equal_ignoring_case(a, b);
        case Sameness::cidr: return same_cidr(a, b);
        case Sameness::version_prefix: return same_version(a, b);
        case Sameness::trailing_newline: return without_last_newline(a) == without_last_newline(b);
        case Sameness::exact:
        case Sameness::json:
        case Sameness::number_text: return a == b;
    }
    return a == b;
}

}  // namespace

Value canonical_document(const Value& document) {
    if (const auto* text = document.string()) {
        auto tree = parse_json(*text, "a document");
        return tree && tree->map() != nullptr ? canonical_document(*tree) : tree ? *tree : document;
    }
    const auto* members = document.map();
    if (members == nullptr) return document;
    return members->contains("Statement") ? canonical_policy(*members) : document;
}

bool same(Sameness rule, const Value& a, const Value& b) {
    if (a.is_secret() || b.is_secret()) return same(rule, a.without_marks(), b.without_marks());
    if (a == b) return true;
    if (rule == Sameness::json) return canonical_document(a) == canonical_document(b);
    if (rule == Sameness::number_text) return same_number(a, b);
    const auto* left = a.string();
    const auto* right = b.string();
    return left != nullptr && right != nullptr && same_texts(rule, *left, *right);
}

}  // namespace strata
