#include "providers/aws/resource/tags.hpp"

#include <array>
#include <string>

namespace strata::aws {

namespace {

using Form = TagForm::Kind;

/// The first of `names` that the map has.
std::string_view text_under(const ValueMap& map, std::span<const std::string_view> names) {
    for (const auto name : names)
        if (const auto* value = map.find(name)) return value->text_or("");
    return {};
}

Value pairs(const ValueMap& tags, const TagForm& form) {
    ValueList out;
    for (const auto& [key, value] : tags)
        out.push_back(Value::map({{std::string{form.key}, Value{key}}, {std::string{form.value}, value.revealed()}}));
    return out;
}

}  // namespace

Value encode_tags(const ValueMap& tags, const TagForm& form) {
    ValueList out;
    switch (form.kind) {
        case Form::map: return Value{tags}.without_marks();
        case Form::list: return pairs(tags, form);
        case Form::specifications:
            return Value::list({Value::map({{"ResourceType", Value{form.resource}}, {"Tags", pairs(tags, TagForm{})}})});
        case Form::keys:
            for (const auto& [key, value] : tags) out.emplace_back(key);
            return out;
        case Form::key_list:
            for (const auto& [key, value] : tags) out.push_back(Value::map({{std::string{form.key}, Value{key}}}));
            return out;
    }
    return out;
}

ValueMap decode_tags(const Value& tags) {
    static constexpr std::array<std::string_view, 3> key_names = {"Key", "key", "TagKey"};
    static constexpr std::array<std::string_view, 3> value_names = {"Value", "value", "TagValue"};
    ValueMap out;
    if (const auto* map = tags.map()) return *map;
    if (const auto* items = tags.list())
        for (const auto& item : *items)
            if (const auto* pair = item.map()) out.set(text_under(*pair, key_names), Value{text_under(*pair, value_names)});
    return out;
}

ValueMap own_tags(const ValueMap& tags) {
    ValueMap out;
    for (const auto& [key, value] : tags)
        if (!key.starts_with("aws:") && key != token_tag) out.set(key, value);
    return out;
}

ValueMap bookkeeping_tags(const Step& step) {
    ValueMap out;
    if (!step.token.empty()) out.set(token_tag, Value{step.token});
    return out;
}

}  // namespace strata::aws
