#include "providers/aws/protocol/form.hpp"

#include <cctype>
#include <string>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "providers/aws/protocol/scalars.hpp"
#include "providers/aws/protocol/wire_name.hpp"

namespace strata::aws {

namespace {

class FormWriter {
public:
    explicit FormWriter(FormStyle style) : style_{style} {}

    void pair(std::string_view key, std::string_view value) {
        if (!text.empty()) text += '&';
        text += percent_encode(key);
        text += '=';
        text += percent_encode(value);
    }

    void structure(const Shape& shape, const ValueMap& members, const std::string& prefix) {
        for (const auto& [key, value] : members) {
            const auto* member = shape.member(key);
            if (member && !value.is_null())
                write(*member, value, prefix.empty() ? name(*member, key) : fmt::format("{}.{}", prefix, name(*member, key)));
        }
    }

    std::string text;

private:
    /// query: `locationName`, else the name; ec2: `queryName`, else what query says with a capital.
    std::string name(const Member& member, std::string_view otherwise) const {
        if (style_ == FormStyle::ec2 && !member.query_name.empty()) return std::string{member.query_name};
        std::string own{or_else(member.location_name, otherwise)};
        if (style_ == FormStyle::ec2) own[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(own[0])));
        return own;
    }

    void write(const Member& member, const Value& value, const std::string& prefix) {
        switch (member.shape->type) {
            case ShapeType::structure: return structure(*member.shape, *value.map(), prefix);
            case ShapeType::list: return list(member, *value.list(), prefix);
            case ShapeType::map: return map(member, *value.map(), prefix);
            default: return pair(prefix, write_text(member, value, TimestampFormat::iso8601));
        }
    }

    void list(const Member& member, const ValueList& items, const std::string& prefix) {
        // An empty list has a form of its own in query ("Prefix="), and none in ec2.
        if (items.empty() && style_ == FormStyle::query) return pair(prefix, "");
        const auto& element = *member.shape->element;
        const auto base = list_prefix(member, prefix);
        std::size_t number = 0;
        for (const auto& item : items)
            if (!item.is_null()) write(element, item, fmt::format("{}.{}", base, ++number));
    }

    /// A flattened list goes by its own `locationName`; older models name it by its items instead.
    std::string list_prefix(const Member& member, const std::string& prefix) const {
        if (style_ == FormStyle::ec2) return prefix;
        const auto item_name = member.shape->element->location_name;
        if (!member.flattened) return fmt::format("{}.{}", prefix, or_else(item_name, "member"));
        if (item_name.empty() || !member.location_name.empty()) return prefix;
        const auto last = prefix.rfind('.');
        return last == std::string::npos ? std::string{item_name} : fmt::format("{}.{}", prefix.substr(0, last), item_name);
    }

    void map(const Member& member, const ValueMap& members, const std::string& prefix) {
        const auto base = member.flattened ? prefix : prefix + ".entry";
        const auto& key_part = *member.shape->key;
        const auto& value_part = *member.shape->element;
        std::size_t number = 0;
        for (const auto& [key, value] : members) {
            if (value.is_null()) continue;
            ++number;
            pair(fmt::format("{}.{}.{}", base, number, name(key_part, "key")), key);
            write(value_part, value, fmt::format("{}.{}.{}", base, number, name(value_part, "value")));
        }
    }

    FormStyle style_;
};

}  // namespace

Result<Serialized> write_form(FormStyle style, const Service& service, const Operation& operation, const ValueMap& params) {
    FormWriter form{style};
    form.pair("Action", operation.name);
    form.pair("Version", service.api_version);
    if (operation.input) form.structure(*operation.input, params, {});
    return Serialized{.method = std::string{operation.method},
                      .path = "/",
                      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                      .body = std::move(form.text)};
}

}  // namespace strata::aws
