#include "providers/aws/protocol/xml_shapes.hpp"

#include <fmt/format.h>

#include "providers/aws/protocol/scalars.hpp"
#include "providers/aws/protocol/wire_name.hpp"

namespace strata::aws {

namespace {

/// The element that a member stands in. Older models name a flattened list by its items instead.
XmlElement element_of(const Member& member, XmlElement parent) {
    const auto own = parent.child(wire_name(member));
    const bool named_by_items = !own && member.flattened && member.shape->type == ShapeType::list;
    return named_by_items ? parent.child(member.shape->element->location_name) : own;
}

class XmlReader {
public:
    std::string mistake;

    Value structure(const Shape& shape, XmlElement element) {
        ValueMap found;
        for (const auto& member : shape.members) {
            if (!in_answer_body(member)) continue;
            auto value = member.xml_attribute ? attribute(member, element) : inside(member, element);
            if (!value.is_null()) found.set(member.name, std::move(value));
        }
        return found;
    }

private:
    static Value attribute(const Member& member, XmlElement element) {
        const auto text = element.attribute(wire_name(member));
        return text ? Value{*text} : Value{};
    }

    Value inside(const Member& member, XmlElement parent) {
        const auto element = element_of(member, parent);
        return element ? read(member, element) : Value{};
    }

    Value read(const Member& member, XmlElement element) {
        switch (member.shape->type) {
            case ShapeType::structure: return structure(*member.shape, element);
            case ShapeType::list: return list(member, element);
            case ShapeType::map: return map(member, element);
            default: return scalar(member, element);
        }
    }

    Value scalar(const Member& member, XmlElement element) {
        auto value = read_text(*member.shape, element.text());
        if (value) return *std::move(value);
        if (mistake.empty()) mistake = fmt::format("<{}> does not hold what a {} is made of", element.name(), member.shape->name);
        return {};
    }

    /// Items are the elements inside, whatever they are called; of a flattened list, the elements of the list's own name.
    Value list(const Member& member, XmlElement element) {
        ValueList items;
        auto item = member.flattened ? element : element.first();
        while (item) {
            items.push_back(read(*member.shape->element, item));
            item = member.flattened ? item.next_same() : item.next();
        }
        return items;
    }

    Value map(const Member& member, XmlElement element) {
        std::vector<ValueMap::Entry> entries;
        const auto& key_part = *member.shape->key;
        const auto& value_part = *member.shape->element;
        auto entry = member.flattened ? element : element.first();
        while (entry) {
            const auto value = entry.child(or_else(value_part.location_name, "value"));
            entries.emplace_back(entry.child(or_else(key_part.location_name, "key")).text(), value ? read(value_part, value) : Value{});
            entry = member.flattened ? entry.next_same() : entry.next();
        }
        return ValueMap{std::move(entries)};
    }
};

class XmlWriter {
public:
    std::string text;

    void structure(const Shape& shape, const ValueMap& params, std::string_view name, const XmlSpace& space) {
        open(name, space, attributes(shape, params));
        for (const auto& [key, value] : params) {
            const auto* member = shape.member(key);
            if (member && !value.is_null() && !member->xml_attribute && in_request_body(*member))
                write(*member, value, or_else(member->location_name, key));
        }
        close(name);
    }

private:
    static std::string attributes(const Shape& shape, const ValueMap& params) {
        std::string out;
        for (const auto& [key, value] : params) {
            const auto* member = shape.member(key);
            if (member && member->xml_attribute && !value.is_null())
                out += fmt::format(" {}=\"{}\"", or_else(member->location_name, key),
                                   xml_escaped(write_text(*member, value, TimestampFormat::iso8601)));
        }
        return out;
    }

    void open(std::string_view name, const XmlSpace& space, std::string_view attributes = {}) {
        text += fmt::format("<{}", name);
        if (!space.uri.empty()) {
            const auto colon = space.prefix.empty() ? "" : ":";
            text += fmt::format(" xmlns{}{}=\"{}\"", colon, space.prefix, xml_escaped(space.uri));
        }
        text += attributes;
        text += '>';
    }
    void close(std::string_view name) { text += fmt::format("</{}>", name); }

    static XmlSpace space_of(const Member& member) { return {member.xml_prefix, member.xml_uri}; }

    void write(const Member& member, const Value& value, std::string_view name) {
        switch (member.shape->type) {
            case ShapeType::structure: return structure(*member.shape, *value.map(), name, space_of(member));
            case ShapeType::list: return list(member, *value.list(), name);
            case ShapeType::map: return map(member, *value.map(), name);
            default: break;
        }
        open(name, space_of(member));
        text += xml_escaped(write_text(member, value, TimestampFormat::iso8601));
        close(name);
    }

    void list(const Member& member, const ValueList& items, std::string_view name) {
        const auto& element = *member.shape->element;
        if (!member.flattened) open(name, space_of(member));
        for (const auto& item : items)
            if (!item.is_null()) write(element, item, member.flattened ? name : or_else(element.location_name, "member"));
        if (!member.flattened) close(name);
    }

    void map(const Member& member, const ValueMap& entries, std::string_view name) {
        const auto& key_part = *member.shape->key;
        const auto& value_part = *member.shape->element;
        const auto entry_name = member.flattened ? name : std::string_view{"entry"};
        if (!member.flattened) open(name, space_of(member));
        for (const auto& [key, value] : entries) {
            if (value.is_null()) continue;
            open(entry_name, {});
            write(key_part, key, or_else(key_part.location_name, "key"));
            write(value_part, value, or_else(value_part.location_name, "value"));
            close(entry_name);
        }
        if (!member.flattened) close(name);
    }
};

}  // namespace

Result<Value> read_xml(const Shape& structure, XmlElement element) {
    XmlReader reader;
    auto value = reader.structure(structure, element);
    if (reader.mistake.empty()) return value;
    return Error{.kind = ErrorKind::protocol, .summary = "Answer does not fit the model", .cause = reader.mistake, .remedy = {}};
}

std::string write_xml(const Shape& structure, const ValueMap& params, std::string_view name, const XmlSpace& space) {
    XmlWriter writer;
    writer.structure(structure, params, name, space);
    return std::move(writer.text);
}

}  // namespace strata::aws
