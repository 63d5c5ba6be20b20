#include "tests/providers/aws/protocol/conformance/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <pugixml.hpp>
#include <set>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/protocol/scalars.hpp"
#include "providers/aws/protocol/xml_shapes.hpp"

namespace strata::conformance {

namespace {

using aws::Shape;
using aws::ShapeType;

/// Applies `change` to every scalar of a value that follows a shape.
template <typename Change>
Value walked(const Shape& shape, const Value& value, const Change& change) {
    if (shape.document) return value;
    if (const auto* items = value.list(); items && shape.type == ShapeType::list) {
        ValueList out;
        for (const auto& item : *items) out.push_back(walked(*shape.element->shape, item, change));
        return out;
    }
    const auto* members = value.map();
    if (!members) return change(shape, value);
    ValueMap out;
    for (const auto& [key, entry] : *members) {
        const auto* member = shape.type == ShapeType::map ? shape.element : shape.member(key);
        out.set(key, member ? walked(*member->shape, entry, change) : entry);
    }
    return out;
}

Value typed_scalar(const Shape& shape, const Value& value) {
    const auto* text = value.string();
    if (!text) return value;
    if (shape.type == ShapeType::blob) return Bytes{*text};
    if (shape.type != ShapeType::real) return value;
    const auto number = aws::read_text(shape, *text);
    return number ? *number : value;
}

Value plain_scalar(const Shape& shape, const Value& value) {
    if (shape.type == ShapeType::blob && value.bytes()) return value.bytes()->data;
    if (shape.type == ShapeType::timestamp) {
        const auto time = aws::moment(value);
        return time ? Value{static_cast<double>(time->time_since_epoch().count()) / 1000.0} : value;
    }
    if (value.real() && !std::isfinite(*value.real())) return aws::write_real(*value.real());
    return value;
}

/// An element as text whose children and attributes are sorted.
std::string canonical(const pugi::xml_node& node) {
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) return std::string{trimmed(node.value())};
    std::vector<std::string> attributes;
    for (const auto attribute : node.attributes()) attributes.push_back(std::string{attribute.name()} + "=" + attribute.value());
    std::ranges::sort(attributes);
    std::vector<std::string> children;
    for (const auto child : node.children()) children.push_back(canonical(child));
    std::ranges::sort(children);
    return std::string{"<"} + node.name() + " " + join(attributes, " ") + ">" + join(children, "") + "</>";
}

bool holds_maps(const Shape& shape, std::set<const Shape*>& seen) {
    if (!seen.insert(&shape).second) return false;
    if (shape.type == ShapeType::map) return true;
    if (shape.element) return holds_maps(*shape.element->shape, seen);
    return std::ranges::any_of(shape.members, [&](const aws::Member& member) { return holds_maps(*member.shape, seen); });
}

/// A form as a tree: "a.1.key=x" is {"a": {"1": {"key": "x"}}}; the text of an inner name stands under "".
void insert(ValueMap& tree, std::string_view name, std::string_view value) {
    const auto dot = name.find('.');
    auto& below = tree[name.substr(0, dot)];
    if (below.is_null()) below = ValueMap{};
    if (dot == std::string_view::npos) below.map()->set("", value);
    else insert(*below.map(), name.substr(dot + 1), value);
}

bool is_number(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

/// Entries of a map are numbered pairs; they are sorted by their content, whatever their numbers.
std::string canonical_form(const Value& tree) {
    const auto* members = tree.map();
    if (!members) return json_quoted(tree.text_or({}));
    const bool entries =
        std::ranges::all_of(*members, [](const auto& entry) { return is_number(entry.first) && entry.second.map()->size() == 2; });
    std::vector<std::string> parts;
    for (const auto& [name, value] : *members) parts.push_back((entries ? std::string{} : name + "=") + canonical_form(value));
    std::ranges::sort(parts);
    return "{" + join(parts, ",") + "}";
}

Value form_tree(std::string_view form) {
    ValueMap tree;
    for (const auto& pair : split(form, '&')) {
        const auto equals = std::min(pair.find('='), pair.size());
        insert(tree, pair.substr(0, equals), std::string_view{pair}.substr(std::min(equals + 1, pair.size())));
    }
    return tree;
}

}  // namespace

Value typed(const Shape& shape, const Value& value) { return walked(shape, value, typed_scalar); }
Value plain(const Shape& shape, const Value& value) { return walked(shape, value, plain_scalar); }

bool same_xml(const Shape& shape, std::string_view a, std::string_view b) {
    pugi::xml_document first;
    pugi::xml_document second;
    if (!first.load_buffer(a.data(), a.size()) || !second.load_buffer(b.data(), b.size())) return trimmed(a) == trimmed(b);
    if (canonical(first.document_element()) != canonical(second.document_element())) return false;

    const auto one = aws::XmlDocument::parse(a);
    const auto other = aws::XmlDocument::parse(b);
    const auto read = one ? aws::read_xml(shape, one->root()) : one.error();
    const auto read_other = other ? aws::read_xml(shape, other->root()) : other.error();
    return read && read_other && to_json(*read) == to_json(*read_other);  // as text, because NaN equals nothing
}

bool same_pairs(std::string_view a, std::string_view b) {
    auto first = split(a, '&');
    auto second = split(b, '&');
    std::ranges::sort(first);
    std::ranges::sort(second);
    return first == second;
}

bool same_form(const Shape& shape, std::string_view a, std::string_view b) {
    std::set<const Shape*> seen;
    return holds_maps(shape, seen) && canonical_form(form_tree(a)) == canonical_form(form_tree(b));
}

}  // namespace strata::conformance
