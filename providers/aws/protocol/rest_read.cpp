#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/protocol/rest.hpp"
#include "providers/aws/protocol/scalars.hpp"
#include "providers/aws/protocol/wire_name.hpp"

namespace strata::aws {

namespace {

/// One item off the front of a comma-separated header: quoted text is unquoted, and an HTTP date, the one scalar that
/// holds a comma of its own, is kept together.
std::string take_item(std::string_view& rest, bool dates) {
    rest = trimmed(rest);
    std::string item;
    const bool quoted = rest.starts_with('"');
    std::size_t at = quoted ? 1 : 0;
    for (; at < rest.size(); ++at) {
        const char c = rest[at];
        const bool ends = quoted ? c == '"' : c == ',' && !(dates && item.size() == 3);
        if (ends) break;
        const bool escapes = quoted && c == '\\' && at + 1 < rest.size();
        item += escapes ? rest[++at] : c;
    }
    const auto comma = rest.find(',', at);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    return quoted ? item : std::string{trimmed(item)};
}

bool holds_http_dates(const Member& element) {
    return element.shape->type == ShapeType::timestamp &&
           (element.timestamp == TimestampFormat::unset || element.timestamp == TimestampFormat::rfc822);
}

std::optional<Value> read_items(const Member& element, std::string_view text) {
    ValueList items;
    while (!trimmed(text).empty()) {
        auto item = read_text(*element.shape, take_item(text, holds_http_dates(element)));
        if (!item) return std::nullopt;
        items.push_back(*std::move(item));
    }
    return items;
}

std::optional<Value> read_json_value(std::string_view text) {
    const auto decoded = base64_decode(text);
    if (!decoded) return std::nullopt;
    auto value = parse_json(*decoded, "a header");
    return value ? std::optional{*std::move(value)} : std::nullopt;
}

std::optional<Value> read_header(const Member& member, std::string_view text) {
    if (member.json_value) return read_json_value(text);
    if (member.shape->type == ShapeType::list) return read_items(*member.shape->element, text);
    return read_text(*member.shape, text);
}

ValueMap prefixed_headers(std::string_view prefix, const wire::Headers& headers) {
    std::vector<ValueMap::Entry> found;
    for (const auto& [name, text] : headers)
        if (name.size() >= prefix.size() && equal_ignoring_case(std::string_view{name}.substr(0, prefix.size()), prefix))
            found.emplace_back(name.substr(prefix.size()), text);
    return ValueMap{std::move(found)};
}

}  // namespace

Result<ValueMap> read_rest(const Shape& structure, const wire::Response& response) {
    ValueMap found;
    for (const auto& member : structure.members) {
        if (member.location == WireLocation::status_code) found.set(member.name, response.status);
        if (member.location == WireLocation::headers) found.set(member.name, prefixed_headers(member.location_name, response.headers));
        if (member.location != WireLocation::header) continue;
        const auto* text = response.headers.find(wire_name(member));
        if (!text) continue;
        auto value = read_header(member, *text);
        if (!value)
            return Error{.kind = ErrorKind::protocol,
                         .summary = "Answer does not fit the model",
                         .cause = fmt::format("the header {} does not hold what a {} is made of", wire_name(member), member.shape->name),
                         .remedy = {}};
        if (!value->is_null()) found.set(member.name, *std::move(value));
    }
    return found;
}

bool read_raw_payload(const Member& payload, const wire::Response& response, ValueMap& found) {
    const auto type = payload.shape->type;
    if (type == ShapeType::string) found.set(payload.name, response.body);
    if (type == ShapeType::blob && (payload.streaming || !response.body.empty())) found.set(payload.name, Bytes{response.body});
    return type == ShapeType::string || type == ShapeType::blob;
}

}  // namespace strata::aws
