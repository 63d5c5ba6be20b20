#include "providers/aws/resource/context.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "providers/aws/model/path.hpp"
#include "providers/aws/resource/tags.hpp"

namespace strata::aws {

namespace {

using Kind = Expression::Kind;

std::optional<Value> part_of(const Value* value, std::string_view path) {
    if (value == nullptr) return std::nullopt;
    const Value& plain = value->revealed();
    if (path.empty()) return plain.without_marks();
    auto found = look_up(plain, path);
    if (found.is_null()) return std::nullopt;
    return found.without_marks();
}

const Value* member(const ValueMap* map, std::string_view name) { return map != nullptr ? map->find(name) : nullptr; }

/// "Name.Path" of a map.
std::optional<Value> path_of(const ValueMap* map, std::string_view path) {
    const auto end = path.find_first_of(".[");
    const auto* value = member(map, path.substr(0, end));
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (end == std::string_view::npos) return value->without_marks();
    return part_of(value, path.substr(path[end] == '.' ? end + 1 : end));
}

std::optional<Value> default_of(std::string_view name, const Context& context) {
    const auto* property = context.type != nullptr ? context.type->property(name) : nullptr;
    if (property == nullptr || property->default_json.empty()) return std::nullopt;
    auto parsed = parse_json(property->default_json, "a default");
    if (!parsed) return std::nullopt;
    return std::move(parsed).value();
}

std::optional<Value> wanted_path(std::string_view path, const Context& context) {
    const auto end = path.find_first_of(".[");
    auto whole = wanted_property(path.substr(0, end), context);
    if (!whole || end == std::string_view::npos) return whole;
    return part_of(&*whole, path.substr(path[end] == '.' ? end + 1 : end));
}

std::optional<std::string> unless_empty(const std::string& text) { return text.empty() ? std::nullopt : std::optional{text}; }

/// Replaces `${...}`; empty when a part without alternative has no value.
std::optional<std::string> filled(std::string_view text, const Context& context) {
    std::string out;
    while (true) {
        const auto open = text.find("${");
        if (open == std::string_view::npos) return out + std::string{text};
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) return std::nullopt;
        out += text.substr(0, open);
        const auto word = text.substr(open + 2, close - open - 2);
        text.remove_prefix(close + 1);
        const auto bar = word.find('|');
        const auto name = word.substr(0, bar);
        std::optional<std::string> found;
        if (name == "id" && !context.id.empty()) found = context.id;
        else if (name == "arn") found = arn_of(context);
        else if (name == "token" && !context.token.empty()) found = context.token;
        else if (context.identity != nullptr && name == "region") found = context.identity->region;
        else if (context.identity != nullptr && name == "account") found = unless_empty(context.identity->account);
        else if (context.identity != nullptr && name == "partition") found = unless_empty(context.identity->partition);
        else if (const auto value = wanted_property(name, context); value && !value->has_unknown()) found = attribute_text(*value);
        if (!found && bar != std::string_view::npos) found = std::string{word.substr(bar + 1)};
        if (!found) return std::nullopt;
        out += *found;
    }
}

std::optional<Value> map_of(const Expression& expression, const Context& context) {
    ValueMap out;
    for (const auto& [name, inner] : expression.members) {
        auto value = evaluate(inner, context);
        if (!value) continue;
        if (!name.empty()) out.set(name, std::move(*value));
        else if (auto* members = value->map())
            for (auto& [key, content] : *members) out.set(key, std::move(content));
    }
    if (out.empty() && !expression.members.empty()) return std::nullopt;
    return Value{std::move(out)};
}

std::optional<Value> list_of(const Expression& expression, const Context& context) {
    ValueList out;
    for (const auto& inner : expression.items)
        if (auto value = evaluate(inner, context)) out.push_back(std::move(*value));
    if (out.empty() && !expression.items.empty()) return std::nullopt;
    return Value{std::move(out)};
}

bool is_changed(std::string_view name, const Context& context) { return std::ranges::find(context.changed, name) != context.changed.end(); }

/// What is there with what is wanted laid over it, member by member. What we had set (`ours`) and want no longer goes.
Value laid_over(const Value& present, const Value& wanted, const Value* ours) {
    const auto* below = present.revealed().map();
    const auto* above = wanted.revealed().map();
    if (below == nullptr || above == nullptr) return wanted.without_marks();
    ValueMap out;
    for (const auto& [key, value] : *below)
        if (ours == nullptr || ours->revealed().find(key) == nullptr) out.set(key, value.without_marks());
    for (const auto& [key, value] : *above) {
        const auto* old = below->find(key);
        if (value.is_null()) out.erase(key);
        else
            out.set(key, old != nullptr ? laid_over(*old, value, ours != nullptr ? ours->revealed().find(key) : nullptr)
                                        : value.without_marks());
    }
    return out;
}

/// A property as a call wants it that replaces everything: what others set, and the program says nothing of, must stay.
std::optional<Value> whole_property(std::string_view name, const Context& context) {
    const auto* asked = member(context.wanted, name);
    const auto* property = context.type != nullptr ? context.type->property(name) : nullptr;
    const auto* present = property != nullptr && property->write_only ? nullptr : member(context.previous, name);
    if (context.changed.empty() || present == nullptr || present->is_null() || (asked != nullptr && asked->is_null()))
        return wanted_property(name, context);
    if (asked == nullptr) return present->without_marks();
    return laid_over(*present, *asked, member(context.applied, name));
}

std::optional<Value> properties_of(const Expression& expression, const Context& context, bool only_changed, bool as_text) {
    ValueMap out;
    for (const auto name : expression.names) {
        if (only_changed && !is_changed(name, context)) continue;
        auto value = only_changed || as_text ? wanted_property(name, context) : whole_property(name, context);
        if (!value) continue;
        if (as_text) out.set(name, attribute_text(*value));
        else out.set(name, std::move(*value));
    }
    if (out.empty()) return std::nullopt;
    return Value{std::move(out)};
}

/// Items of one list that the other has not.
std::optional<Value> difference(const std::optional<Value>& from, const std::optional<Value>& without) {
    ValueList out;
    const auto* items = from ? from->list() : nullptr;
    const auto* others = without ? without->list() : nullptr;
    if (items != nullptr)
        for (const auto& item : *items)
            if (others == nullptr || std::ranges::find(*others, item) == others->end()) out.push_back(item);
    if (out.empty()) return std::nullopt;
    return Value{std::move(out)};
}

/// The ids of a call, or of each the part that is the property `part`.
std::optional<Value> ids_of(std::string_view part, const Context& context) {
    auto ids = part_of(context.ids, {});
    if (!ids || part.empty() || context.type == nullptr || ids->list() == nullptr) return ids;
    const auto& spec = detail_of(*context.type).id;
    const auto index = static_cast<std::size_t>(std::ranges::find(spec.parts, part) - spec.parts.begin());
    for (auto& id : *ids->list()) {
        const auto parts = id_parts(spec, id.text_or(""));
        if (index < parts.size()) id = Value{parts[index]};
    }
    return ids;
}

std::optional<Value> text_or_nothing(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return Value{text};
}

}  // namespace

const TypeDetail& detail_of(const ResourceType& type) { return *static_cast<const TypeDetail*>(type.detail); }

std::vector<std::string> id_parts(const IdSpec& spec, std::string_view id) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i + 1 < spec.parts.size(); ++i) {
        const auto at = id.find(spec.separator);
        if (at == std::string_view::npos) return {};
        parts.emplace_back(id.substr(0, at));
        id.remove_prefix(at + spec.separator.size());
    }
    parts.emplace_back(id);
    return parts;
}

std::optional<Value> wanted_property(std::string_view name, const Context& context) {
    if (context.type != nullptr && !context.id.empty()) {
        const auto& spec = detail_of(*context.type).id;
        const auto at = std::ranges::find(spec.parts, name);
        if (at != spec.parts.end()) {
            const auto parts = id_parts(spec, context.id);
            if (!parts.empty()) return Value{parts[static_cast<std::size_t>(at - spec.parts.begin())]};
        }
    }
    const auto* value = member(context.wanted, name);
    if (value == nullptr) value = member(context.properties, name);
    if (value == nullptr) return std::nullopt;
    if (value->is_null()) return default_of(name, context);
    return value->without_marks();
}

std::string arn_of(const Context& context) {
    if (!context.arn.empty()) return std::string{context.arn};
    if (const auto* known = member(context.outputs, "Arn")) return std::string{known->revealed().text_or("")};
    if (context.type == nullptr) return {};
    const auto* rule = detail_of(*context.type).arn;
    if (rule == nullptr) return {};
    return filled(rule->text, context).value_or("");
}

std::string attribute_text(const Value& value) {
    const auto& plain = value.revealed();
    if (const auto* text = plain.string()) return *text;
    return to_json(plain.without_marks());
}

std::optional<Value> evaluate(const Expression& expression, const Context& context) {
    switch (expression.kind) {
        case Kind::text:
            if (auto text = filled(expression.text, context)) return Value{std::move(*text)};
            return std::nullopt;
        case Kind::integer: return Value{expression.number};
        case Kind::boolean: return Value{expression.number != 0};
        case Kind::map: return map_of(expression, context);
        case Kind::list: return list_of(expression, context);
        case Kind::id: return text_or_nothing(context.id);
        case Kind::arn: return text_or_nothing(arn_of(context));
        case Kind::token: return text_or_nothing(context.token);
        case Kind::property: return wanted_path(expression.text, context);
        case Kind::previous: return path_of(context.previous, expression.text);
        case Kind::output: return path_of(context.outputs, expression.text);
        case Kind::read: return part_of(context.read, expression.text);
        case Kind::item: return part_of(context.item, expression.text);
        case Kind::value: return part_of(context.value, expression.text);
        case Kind::key: return text_or_nothing(context.key);
        case Kind::items: return part_of(context.items, {});
        case Kind::ids: return ids_of(expression.text, context);
        case Kind::tags:
            if (context.tags == nullptr || expression.tags == nullptr) return std::nullopt;
            if (context.tags->empty() && !context.tags_are_all) return std::nullopt;
            return encode_tags(*context.tags, *expression.tags);
        case Kind::tag_keys:
            if (context.tag_keys == nullptr || expression.tags == nullptr) return std::nullopt;
            return encode_tags(*context.tag_keys, *expression.tags);
        case Kind::all: return properties_of(expression, context, false, false);
        case Kind::changed:
            if (!expression.text.empty())
                return is_changed(expression.text, context) ? wanted_property(expression.text, context) : std::nullopt;
            return properties_of(expression, context, true, false);
        case Kind::attributes_all: return properties_of(expression, context, false, true);
        case Kind::attributes_changed: return properties_of(expression, context, true, true);
        case Kind::added:
            if (!is_changed(expression.text, context)) return std::nullopt;
            return difference(wanted_property(expression.text, context), path_of(context.previous, expression.text));
        case Kind::negated: return Value{!holds(expression.items.data(), context)};
        case Kind::removed:
            if (!is_changed(expression.text, context)) return std::nullopt;
            return difference(path_of(context.previous, expression.text), wanted_property(expression.text, context));
    }
    return std::nullopt;
}

ValueMap request_of(const Expression* expression, const Context& context) {
    if (expression == nullptr) return {};
    auto value = evaluate(*expression, context);
    if (!value || value->map() == nullptr) return {};
    return std::move(*value->map());
}

bool holds(const Expression* condition, const Context& context) {
    if (condition == nullptr) return true;
    const auto value = evaluate(*condition, context);
    if (!value || value->is_null()) return false;
    if (const auto* flag = value->boolean()) return *flag;
    if (const auto* text = value->string()) return !text->empty();
    if (const auto* items = value->list()) return !items->empty();
    if (const auto* map = value->map()) return !map->empty();
    return true;
}

bool uses(const Expression* expression, Kind kind) {
    if (expression == nullptr) return false;
    return expression->kind == kind ||
           std::ranges::any_of(expression->members, [&](const auto& entry) { return uses(&entry.value, kind); }) ||
           std::ranges::any_of(expression->items, [&](const auto& item) { return uses(&item, kind); });
}

}  // namespace strata::aws
