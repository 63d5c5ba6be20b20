#include "providers/aws/protocol/json_shapes.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/protocol/scalars.hpp"
#include "providers/aws/protocol/wire_name.hpp"

namespace strata::aws {

namespace {

Value written(const Member& member, const Value& value);

Value written_moment(const Member& member, const Value& value) {
    const auto time = moment(value);
    if (!time) return {};
    const bool as_number = member.timestamp == TimestampFormat::unset || member.timestamp == TimestampFormat::unix_time;
    if (!as_number) return write_timestamp(*time, member.timestamp);
    const auto milliseconds = std::int64_t{time->time_since_epoch().count()};
    return milliseconds % 1000 == 0 ? Value{milliseconds / 1000} : Value{static_cast<double>(milliseconds) / 1000.0};
}

/// Nulls inside lists and maps are content (sparse lists); null members are left out.
Value written(const Member& member, const Value& value) {
    if (value.is_null() || member.shape->document) return value;
    switch (member.shape->type) {
        case ShapeType::structure: return to_json_form(*member.shape, *value.map());
        case ShapeType::list: {
            ValueList items;
            items.reserve(value.list()->size());
            for (const auto& item : *value.list()) items.push_back(written(*member.shape->element, item));
            return items;
        }
        case ShapeType::map: {
            std::vector<ValueMap::Entry> entries;
            entries.reserve(value.map()->size());
            for (const auto& [key, entry] : *value.map()) entries.emplace_back(key, written(*member.shape->element, entry));
            return ValueMap{std::move(entries)};
        }
        case ShapeType::timestamp: return written_moment(member, value);
        case ShapeType::blob: return write_text(member, value, TimestampFormat::unset);
        default: return value;
    }
}

class JsonReader {
public:
    std::string mistake;

    Value structure(const Shape& shape, const Value& document) {
        ValueMap found;
        for (const auto& member : shape.members) {
            if (!in_answer_body(member)) continue;
            const auto* given = document.find(wire_name(member));
            if (given && !given->is_null()) found.set(member.name, read(member, *given));
        }
        return found;
    }

private:
    Value wrong(const Member& member, const Value& value) {
        if (mistake.empty())
            mistake =
                fmt::format("{} ({}) is {}", member.name.empty() ? "an item" : member.name, member.shape->name, name_of(value.kind()));
        return {};
    }

    Value read(const Member& member, const Value& value) {
        const auto& shape = *member.shape;
        if (value.is_null() || shape.document) return value;
        if (shape.type == ShapeType::structure) return value.map() ? structure(shape, value) : wrong(member, value);
        if (shape.type == ShapeType::list) return value.list() ? list(member, *value.list()) : wrong(member, value);
        if (shape.type == ShapeType::map) return value.map() ? map(member, *value.map()) : wrong(member, value);
        if (value.map() || value.list()) return wrong(member, value);
        return scalar(member, value);
    }

    Value list(const Member& member, const ValueList& items) {
        ValueList found;
        found.reserve(items.size());
        for (const auto& item : items) found.push_back(read(*member.shape->element, item));
        return found;
    }

    Value map(const Member& member, const ValueMap& entries) {
        std::vector<ValueMap::Entry> found;
        found.reserve(entries.size());
        for (const auto& [key, entry] : entries) found.emplace_back(key, read(*member.shape->element, entry));
        return ValueMap{std::move(found)};
    }

    /// Services are loose about scalars ("true", 1.0, "5"); what the text form of the shape allows is taken.
    Value scalar(const Member& member, const Value& value) {
        const auto type = member.shape->type;
        if (type == ShapeType::boolean && value.boolean()) return value;
        if (type == ShapeType::real && (value.real() || value.integer())) return value;
        if (type == ShapeType::integer && value.integer()) return value;
        if (type == ShapeType::integer && value.real() && std::trunc(*value.real()) == *value.real() && std::abs(*value.real()) < 9e18)
            return static_cast<std::int64_t>(*value.real());
        if (type == ShapeType::timestamp && !value.string()) {
            const auto time = moment(value);
            return time ? Value{iso8601_precise(*time)} : wrong(member, value);
        }
        auto read = read_text(*member.shape, value.string() ? *value.string() : to_json(value));
        return read ? *std::move(read) : wrong(member, value);
    }
};

}  // namespace

Value to_json_form(const Shape& structure, const ValueMap& params) {
    if (structure.document) return params;
    ValueMap document;
    for (const auto& [key, value] : params) {
        const auto* member = structure.member(key);
        if (member && !value.is_null() && in_request_body(*member)) document.set(wire_name(*member), written(*member, value));
    }
    return document;
}

Result<Value> from_json_form(const Shape& structure, const Value& document) {
    if (structure.document) return document;
    JsonReader reader;
    auto value = reader.structure(structure, document);
    if (reader.mistake.empty()) return value;
    return Error{.kind = ErrorKind::protocol, .summary = "Answer does not fit the model", .cause = reader.mistake, .remedy = {}};
}

Result<Value> json_body(const wire::Response& response) {
    if (trimmed(response.body).empty()) return Value{ValueMap{}};
    auto document = parse_json(response.body, "the body", answer_limits);
    if (document && !document->map())
        return Error{.kind = ErrorKind::protocol,
                     .summary = "Not a JSON object",
                     .cause = fmt::format("the body is {}", name_of(document->kind())),
                     .remedy = {}};
    return document;
}

}  // namespace strata::aws
