#include "providers/aws/resource/form.hpp"

#include <charconv>
#include <optional>
#include <string>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "providers/aws/model/path.hpp"

namespace strata::aws {

namespace {

Value scalar_from_text(const std::string& text, PropertyShape shape) {
    if (shape == PropertyShape::boolean && (text == "true" || text == "false")) return text == "true";
    if (shape == PropertyShape::integer) {
        std::int64_t number = 0;
        const auto* end = text.data() + text.size();
        if (!text.empty() && std::from_chars(text.data(), end, number).ptr == end) return number;
    }
    if (shape == PropertyShape::real) {
        double number = 0;
        const auto* end = text.data() + text.size();
        if (!text.empty() && std::from_chars(text.data(), end, number).ptr == end) return number;
    }
    return text;
}

Value structure(const ValueMap& answer, const Schema& schema) {
    ValueMap out;
    for (const auto& member : schema.members) {
        const auto* value = answer.find(member.name);
        if (value != nullptr && !value->is_null()) out.set(member.name, in_form_of(*value, *member.schema));
    }
    return out;
}

}  // namespace

Value in_form_of(const Value& answer, const Schema& schema) {
    if (const auto* text = answer.string()) return scalar_from_text(*text, schema.shape);
    if (schema.shape == PropertyShape::text && (answer.integer() != nullptr || answer.real() != nullptr || answer.boolean() != nullptr))
        return to_json(answer);
    if (const auto* map = answer.map(); map != nullptr && schema.shape == PropertyShape::structure) return structure(*map, schema);
    if (const auto* map = answer.map(); map != nullptr && schema.shape == PropertyShape::map && schema.element != nullptr) {
        ValueMap out;
        for (const auto& [key, value] : *map) out.set(key, in_form_of(value, *schema.element));
        return out;
    }
    if (const auto* items = answer.list(); items != nullptr && schema.element != nullptr) {
        ValueList out;
        for (const auto& item : *items) out.push_back(in_form_of(item, *schema.element));
        return out;
    }
    return answer;
}

Value decoded(Value value, Field::Decode decode) {
    if (decode == Field::Decode::none) return value;
    if (const auto* text = value.string()) return percent_decode(*text);
    return value;
}

const Value* locate(const Value& root, std::string_view path, std::deque<Value>& store) {
    if (path.empty() || path == "@") return &root;
    // `a | b` ends the projections of `a`: `[0]` behind it takes the first of all that was found.
    if (const auto pipe = path.find(" | "); pipe != std::string_view::npos) {
        const auto* first = locate(root, path.substr(0, pipe), store);
        return first != nullptr ? locate(*first, path.substr(pipe + 3), store) : nullptr;
    }
    if (path.find_first_of("[|*&!") != std::string_view::npos) {
        store.push_back(look_up(root, path));
        return store.back().is_null() ? nullptr : &store.back();
    }
    const Value* at = &root;
    while (at != nullptr && !path.empty()) {
        const auto dot = path.find('.');
        at = at->find(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    }
    return at != nullptr && !at->is_null() ? at : nullptr;
}

}  // namespace strata::aws
