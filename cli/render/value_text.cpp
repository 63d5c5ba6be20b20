#include "cli/render/value_text.hpp"

#include <fmt/format.h>

#include "cli/render/style.hpp"
#include "engine/base/json.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t digest_shown = 12;

std::string bytes_text(std::uint64_t size) {
    constexpr std::uint64_t kibi = 1024;
    constexpr std::uint64_t mebi = kibi * kibi;
    if (size < kibi) return fmt::format("{} B", size);
    if (size < mebi) return fmt::format("{:.1f} KiB", static_cast<double>(size) / kibi);
    return fmt::format("{:.1f} MiB", static_cast<double>(size) / mebi);
}

/// What lists and maps do not hold; empty for those two.
std::string scalar_text(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null: return "(default)";
        case Value::Kind::secret: return "(secret)";
        case Value::Kind::unknown:
        case Value::Kind::reference: return "(known after apply)";
        case Value::Kind::bytes: return fmt::format("({} of data)", bytes_text(value.bytes()->data.size()));
        case Value::Kind::asset:
            return fmt::format("{} ({}, sha256 {}…)", value.asset()->path, bytes_text(value.asset()->size),
                               value.asset()->sha256.substr(0, digest_shown));
        case Value::Kind::boolean:
        case Value::Kind::integer:
        case Value::Kind::real:
        case Value::Kind::string: return to_json(value);
        case Value::Kind::list:
        case Value::Kind::map: break;
    }
    return {};
}

std::string compact(const Value& value) {
    std::string out;
    if (const auto* items = value.list()) {
        for (const auto& item : *items) out += (out.empty() ? "" : ", ") + compact(item);
        return "[" + out + "]";
    }
    if (const auto* members = value.map()) {
        for (const auto& [key, item] : *members) out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", key, compact(item));
        return "{" + out + "}";
    }
    return scalar_text(value);
}

void spread(const Value& value, std::size_t depth, std::string& out) {
    const std::string indent(2 * (depth + 1), ' ');
    const std::string outer(2 * depth, ' ');
    if (const auto* items = value.list(); items != nullptr && !items->empty()) {
        out += "[\n";
        for (const auto& item : *items) {
            out += indent;
            spread(item, depth + 1, out);
            out += "\n";
        }
        out += outer + "]";
        return;
    }
    if (const auto* members = value.map(); members != nullptr && !members->empty()) {
        out += "{\n";
        for (const auto& [key, item] : *members) {
            out += fmt::format("{}{}: ", indent, key);
            spread(item, depth + 1, out);
            out += "\n";
        }
        out += outer + "}";
        return;
    }
    out += compact(value);
}

/// The document that a text holds; empty when it is an ordinary text.
std::optional<Value> held_document(const std::string& text) {
    if (text.empty() || (text.front() != '{' && text.front() != '[')) return std::nullopt;
    auto parsed = parse_json(text, "a property");
    return parsed.ok() ? std::optional{std::move(*parsed)} : std::nullopt;
}

}  // namespace

std::string value_text(const Value& value, std::size_t limit) {
    auto text = compact(value);
    if (limit == 0 || columns_of(text) <= limit) return text;
    const bool quoted = text.starts_with('"');
    return quoted ? cut(text, limit - 1) + "\"" : cut(text, limit);
}

std::string value_lines(const Value& value) {
    std::string out;
    const auto* text = value.string();
    if (text == nullptr) {
        spread(value, 0, out);
        return out;
    }
    if (const auto document = held_document(*text)) {
        spread(*document, 0, out);
        return out;
    }
    return *text;
}

bool holds_document(const Value& value) {
    const auto* text = value.string();
    return text != nullptr && (text->find('\n') != std::string::npos || held_document(*text).has_value());
}

bool is_document(const Value& value) { return value.list() != nullptr || value.map() != nullptr || holds_document(value); }

}  // namespace strata::cli
