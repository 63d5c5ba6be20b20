#include "providers/aws/protocol/check.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/protocol/scalars.hpp"

namespace strata::aws {

namespace {

std::string_view wanted_kind(ShapeType type) {
    switch (type) {
        case ShapeType::structure:
        case ShapeType::map: return "a map";
        case ShapeType::list: return "a list";
        case ShapeType::string: return "text";
        case ShapeType::integer: return "an integer";
        case ShapeType::real: return "a number";
        case ShapeType::boolean: return "true or false";
        case ShapeType::timestamp: return "a time (\"2026-11-21T03:40:55Z\", or seconds since 1970)";
        case ShapeType::blob: return "bytes or text";
    }
    return {};
}

bool fits(const Member& member, const Value& value) {
    switch (member.shape->type) {
        case ShapeType::structure:
        case ShapeType::map: return value.map() != nullptr;
        case ShapeType::list: return value.list() != nullptr;
        case ShapeType::string: return value.string() != nullptr;
        case ShapeType::integer: return value.integer() != nullptr;
        case ShapeType::real: return value.integer() || value.real();
        case ShapeType::boolean: return value.boolean() != nullptr;
        case ShapeType::timestamp: return moment(value).has_value();
        case ShapeType::blob: return value.bytes() || value.string() || (member.streaming && value.asset());
    }
    return false;
}

bool is_host_label(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !text.empty() && std::ranges::all_of(text, allowed);
}

class Checker {
public:
    std::vector<std::string> found;

    void structure(const Shape& shape, const Value& value, const std::string& place) {
        if (shape.document) return;
        std::size_t set = 0;
        for (const auto& [key, given] : *value.map()) {
            const auto* known = shape.member(key);
            if (!known) unknown(shape, key, place);
            else if (!given.is_null()) member(*known, given, below(place, key));
            if (!given.is_null()) ++set;
        }
        for (const auto& wanted : shape.members) {
            const auto* given = value.find(wanted.name);
            const bool missing = !given || given->is_null();
            if (missing && (wanted.required || wanted.host_label)) say(below(place, wanted.name), "is required and missing.");
        }
        if (shape.is_union && set != 1) say(place, fmt::format("takes exactly one member, {} are set.", set));
    }

private:
    static std::string below(const std::string& place, std::string_view name) {
        return place.empty() ? std::string{name} : fmt::format("{}.{}", place, name);
    }

    void say(std::string_view place, std::string_view what) { found.push_back(fmt::format("{}: {}", place, what)); }

    void unknown(const Shape& shape, std::string_view key, const std::string& place) {
        std::vector<std::string> names;
        for (const auto& member : shape.members) names.emplace_back(member.name);
        const auto meant = nearest(key, names);
        const auto hint = meant ? fmt::format(" Did you mean \"{}\"?", *meant) : std::string{};
        say(below(place, key), fmt::format("{} has no such member.{}", shape.name, hint));
    }

    void member(const Member& member, const Value& value, const std::string& place) {
        if (member.json_value || member.shape->document) return;
        if (!fits(member, value))
            return say(place, fmt::format("must be {}, is {}.", wanted_kind(member.shape->type), name_of(value.kind())));
        travel(member, value, place);
        if (member.shape->type == ShapeType::structure) structure(*member.shape, value, place);
        else if (member.shape->type == ShapeType::list) list(*member.shape->element, *value.list(), place);
        else if (member.shape->type == ShapeType::map) map(*member.shape->element, *value.map(), place);
    }

    void list(const Member& element, const ValueList& items, const std::string& place) {
        for (std::size_t i = 0; i < items.size(); ++i)
            if (!items[i].is_null()) member(element, items[i], fmt::format("{}[{}]", place, i));
    }

    void map(const Member& element, const ValueMap& members, const std::string& place) {
        for (const auto& [key, value] : members)
            if (!value.is_null()) member(element, value, fmt::format("{}[\"{}\"]", place, key));
    }

    /// An empty label would make `DELETE /{Bucket}/{Key}` a call on the bucket; a line break would begin a header of its own.
    void travel(const Member& member, const Value& value, const std::string& place) {
        const auto text = value.text_or({});
        if (member.location == WireLocation::uri && value.string() && text.empty()) say(place, "must not be empty.");
        if (member.host_label && !is_host_label(text)) say(place, "may hold letters, digits, hyphens and periods only.");
        if (member.location == WireLocation::header) plain_header(value, place);
        if (member.location == WireLocation::headers)
            for (const auto& [key, entry] : *value.map()) {
                plain_header(Value{key}, place);
                plain_header(entry, place);
            }
    }

    void plain_header(const Value& value, const std::string& place) {
        constexpr std::string_view breaks{"\r\n\0", 3};
        if (value.text_or({}).find_first_of(breaks) != std::string_view::npos) say(place, "must not hold line breaks.");
        if (const auto* items = value.list())
            for (const auto& item : *items) plain_header(item, place);
    }
};

}  // namespace

std::vector<std::string> misfits(const Operation& operation, const Value& params) {
    static constexpr Shape nothing{.name = "The operation"};
    Checker checker;
    if (!params.map()) return {fmt::format("arguments must be a map, not {}.", name_of(params.kind()))};
    checker.structure(operation.input ? *operation.input : nothing, params, {});
    return std::move(checker.found);
}

}  // namespace strata::aws
