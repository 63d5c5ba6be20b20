#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "providers/aws/protocol/rest.hpp"
#include "providers/aws/protocol/scalars.hpp"
#include "providers/aws/protocol/wire_name.hpp"

namespace strata::aws {

namespace {

const Member* label_member(const Operation& operation, std::string_view label) {
    if (!operation.input) return nullptr;
    for (const auto& member : operation.input->members)
        if (member.location == WireLocation::uri && wire_name(member) == label) return &member;
    return nullptr;
}

/// `{Key+}` keeps its slashes. Nothing else is touched: S3's keys may hold `//` and `..`, and these must arrive.
std::string label_text(const Operation& operation, const ValueMap& params, std::string_view label) {
    const bool greedy = label.ends_with('+');
    if (greedy) label.remove_suffix(1);
    const auto* member = label_member(operation, label);
    const auto* value = member ? params.find(member->name) : nullptr;
    if (!value) return {};
    return percent_encode(write_text(*member, *value, TimestampFormat::iso8601), greedy ? Slash::keep : Slash::encode);
}

std::string filled_in(std::string_view path, const Operation& operation, const ValueMap& params) {
    std::string out;
    while (true) {
        const auto open = path.find('{');
        const auto close = path.find('}', open);
        if (open == std::string_view::npos || close == std::string_view::npos) return out + std::string{path};
        out += path.substr(0, open);
        out += label_text(operation, params, path.substr(open + 1, close - open - 1));
        path.remove_prefix(close + 1);
    }
}

/// Pairs of the query string. A name that a member gives wins over the same name in a map of parameters.
class Query {
public:
    explicit Query(std::string_view constant) : text{constant} {}

    void member(const Member& member, const Value& value) {
        names_.emplace_back(wire_name(member));
        if (const auto* items = value.list()) {
            for (const auto& item : *items)
                if (!item.is_null()) pair(wire_name(member), write_text(*member.shape->element, item, TimestampFormat::iso8601));
            return;
        }
        pair(wire_name(member), write_text(member, value, TimestampFormat::iso8601));
    }

    void parameters(const ValueMap& given) {
        for (const auto& [key, value] : given) {
            if (std::ranges::find(names_, key) != names_.end() || value.is_null()) continue;
            const auto* items = value.list();
            if (!items) pair(key, value.text_or({}));
            else
                for (const auto& item : *items) pair(key, item.text_or({}));
        }
    }

    std::string text;

private:
    void pair(std::string_view key, std::string_view value) {
        if (!text.empty()) text += '&';
        text += percent_encode(key);
        text += '=';
        text += percent_encode(value);
    }

    std::vector<std::string> names_;
};

/// An item that holds a comma or a quote is quoted (RFC 9110 section 5.6.4).
std::string header_item(const Member& element, const Value& item) {
    auto text = write_text(element, item, TimestampFormat::rfc822);
    if (element.shape->type != ShapeType::string || text.find_first_of(",\"") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string header_text(const Member& member, const Value& value) {
    if (member.json_value) return base64_encode(to_json(value));
    const auto* items = value.list();
    if (!items) return write_text(member, value, TimestampFormat::rfc822);
    std::string text;
    for (const auto& item : *items) {
        if (item.is_null()) continue;
        if (!text.empty()) text += ',';
        text += header_item(*member.shape->element, item);
    }
    return text;
}

/// An empty text is sent as an empty header, an empty list not at all.
void add_header(const Member& member, const Value& value, wire::Headers& headers) {
    const auto* items = value.list();
    if (!items || !items->empty()) headers.add(std::string{wire_name(member)}, header_text(member, value));
}

void add_prefixed_headers(const Member& member, const ValueMap& entries, wire::Headers& headers) {
    for (const auto& [key, value] : entries)
        if (!value.is_null()) headers.set(std::string{member.location_name} + key, std::string{value.text_or({})});
}

}  // namespace

Serialized write_rest(const Operation& operation, const ValueMap& params) {
    const auto mark = operation.request_uri.find('?');
    Serialized request{.method = std::string{operation.method},
                       .path = filled_in(operation.request_uri.substr(0, mark), operation, params)};
    Query query{mark == std::string_view::npos ? std::string_view{} : operation.request_uri.substr(mark + 1)};
    const auto members = operation.input ? operation.input->members : std::span<const Member>{};
    const ValueMap* parameters = nullptr;
    for (const auto& member : members) {
        const auto* value = params.find(member.name);
        if (!value || value->is_null()) continue;
        if (member.location == WireLocation::headers) add_prefixed_headers(member, *value->map(), request.headers);
        if (member.location == WireLocation::header) add_header(member, *value, request.headers);
        if (member.location != WireLocation::query_string) continue;
        if (member.shape->type == ShapeType::map) parameters = value->map();
        else query.member(member, *value);
    }
    if (parameters) query.parameters(*parameters);
    request.query = std::move(query.text);
    return request;
}

bool write_raw_payload(const Member& payload, const Value* value, Serialized& request) {
    const auto type = payload.shape->type;
    if (type != ShapeType::blob && type != ShapeType::string) return false;
    if (!value || value->is_null()) return true;
    if (const auto* asset = value->asset()) request.body_file = asset->path;
    else if (const auto* bytes = value->bytes()) request.body = bytes->data;
    else request.body = value->text_or({});
    return true;
}

}  // namespace strata::aws
