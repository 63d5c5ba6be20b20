#include <algorithm>

#include <fmt/format.h>

#include "providers/aws/codegen/types_resolver.hpp"

namespace strata::codegen {

using aws::Shape;
using aws::ShapeType;
using Kind = aws::Expression::Kind;

const aws::Operation* Resolver::operation(std::string_view service_name, std::string_view name, const Location& place) {
    const auto* service = models_.service(service_name);
    if (service == nullptr) {
        problems_.add(place, fmt::format("no model of service \"{}\".", service_name));
        return nullptr;
    }
    if (const auto* found = service->operation(name)) return found;
    std::vector<std::string> names;
    for (const auto& known : service->operations) names.emplace_back(known.name);
    problems_.add_unknown(place,
                          fmt::format("{} has no operation \"{}\" among those of providers/aws/models/operations.txt.", service_name, name),
                          name, names);
    return nullptr;
}

/// Adds the members that name the thing itself, so that a file need not: an input member called like a property of the id.
Expr& Resolver::complete_ids(std::optional<Expr>& in, const Shape* input, const Location& place) {
    auto& request = in ? *in : in.emplace(Expr{.kind = Kind::map, .place = place});
    const auto given = [&](std::string_view name) {
        return std::ranges::any_of(request.members, [&](const auto& entry) { return entry.first == name; });
    };
    const auto last = out_.decl.id_answer.substr(out_.decl.id_answer.find_last_of(".]") + 1);
    for (const auto& member : input->members) {
        if (given(member.name)) continue;
        const std::string name{member.name};
        if (is_id_part(name)) request.members.emplace_back(name, Expr{.kind = Kind::property, .text = name, .place = place});
        else if (!last.empty() && name == last) request.members.emplace_back(name, Expr{.kind = Kind::id, .place = place});
    }
    return request;
}

std::optional<aws::TagForm> Resolver::tag_form(const Shape* at, bool keys_only, const std::string& resource) {
    using Form = aws::TagForm::Kind;
    if (at == nullptr) return std::nullopt;
    if (at->type == ShapeType::map) return aws::TagForm{.kind = Form::map};
    if (at->type != ShapeType::list) return std::nullopt;
    const auto* item = at->element->shape;
    if (item->type == ShapeType::string) return aws::TagForm{.kind = Form::keys};
    if (find_member(item, "ResourceType") != nullptr) return aws::TagForm{.kind = Form::specifications, .resource = models_.keep(resource)};
    aws::TagForm form{.kind = keys_only ? Form::key_list : Form::list};
    for (const auto& member : item->members) {
        if (member.name == "TagKey" || member.name == "Key" || member.name == "key") form.key = member.name;
        if (member.name == "TagValue" || member.name == "Value" || member.name == "value") form.value = member.name;
    }
    return form;
}

void Resolver::visit_tags(Expr& expression, const Shape* at) {
    expression.tags_resource = out_.decl.tags.resource;
    expression.tags = tag_form(at, expression.kind == Kind::tag_keys, expression.tags_resource);
    if (!expression.tags) problems_.add(expression.place, "tags do not fit here: neither a map nor a list of keys and values.");
}

/// `$value`, `$item`, `$items`: where they stand shows what they hold.
void Resolver::visit_value(Expr& expression, const Shape* at, Found& found, std::string_view top_member) {
    const bool whole = expression.text.empty();
    if (expression.kind == Kind::value && whole) {
        found.value = at;
        found.value_member = top_member;
    }
    if (expression.kind == Kind::item && whole) found.item = at;
    if (expression.kind != Kind::items) return;
    if (at->type != ShapeType::list) problems_.add(expression.place, "\"$items\" fits a list only.");
    else found.item = at->element->shape;
    found.value_member = top_member;
}

/// A property that is named here and nowhere else takes its shape from the place where it is sent.
void Resolver::visit_property(const Expr& expression, const Shape* at) {
    const auto name = expression.text.substr(0, expression.text.find_first_of(".["));
    if (find_property(name) != nullptr) return;
    if (name != expression.text) return problems_.add(expression.place, fmt::format("no property \"{}\".", name));
    add_property(name, at);
}

void Resolver::visit_map(Expr& expression, const Shape* at, Role role, Found& found, std::string_view top_member) {
    for (auto& [name, value] : expression.members) {
        if (name.empty()) {
            if (value.kind == Kind::item || (value.kind == Kind::value && value.text.empty())) found.spread_item = true;
            else visit(value, at, role, found, top_member);
            continue;
        }
        const auto* member = find_member(at, name);
        const Shape* inner = member != nullptr ? member->shape : at->type == ShapeType::map ? at->element->shape : nullptr;
        if (inner == nullptr) unknown_member(value.place, at->name, name, at);
        else visit(value, inner, role, found, top_member.empty() ? std::string_view{name} : top_member);
    }
}

void Resolver::visit(Expr& expression, const Shape* at, Role role, Found& found, std::string_view top_member) {
    switch (expression.kind) {
        case Kind::map: return visit_map(expression, at, role, found, top_member);
        case Kind::list:
            if (at->type != ShapeType::list) return problems_.add(expression.place, fmt::format("{} is no list.", at->name));
            for (auto& item : expression.items) visit(item, at->element->shape, role, found, top_member);
            return;
        case Kind::tags:
        case Kind::tag_keys: return visit_tags(expression, at);
        case Kind::property: return visit_property(expression, at);
        case Kind::value:
        case Kind::item:
        case Kind::items: return visit_value(expression, at, found, top_member);
        case Kind::added:
        case Kind::removed: return visit_property(expression, at);
        case Kind::ids:
            if (!expression.text.empty() && !is_id_part(expression.text))
                problems_.add(expression.place, fmt::format("\"{}\" is no part of the id.", expression.text));
            return;
        case Kind::all:
        case Kind::changed:
            if (!expression.text.empty()) return visit_property(expression, at);
            if (!expression.names.empty()) return;
            for (const auto& member : at->members)
                if (const auto* property = find_property(member.name); property != nullptr && property->facet == 0 && !property->local)
                    expression.names.emplace_back(member.name);
            return;
        case Kind::attributes_all:
            if (role == Role::update) expression.kind = Kind::attributes_changed;
            for (const auto& [name, shape] : out_.decl.attributes)
                if (role != Role::create ||
                    std::ranges::find(out_.decl.attributes_after_create, name) == out_.decl.attributes_after_create.end())
                    expression.names.push_back(name);
            return;
        default: return;
    }
}

void Resolver::resolve_use(UseDecl& use, Role role, Found& found) {
    const auto* op = operation(use.service, use.op, use.place);
    if (op == nullptr) return;
    if (op->input != nullptr) visit(complete_ids(use.in, op->input, use.place), op->input, role, found);
    if (use.each) resolve_source(*use.each);
}

void Resolver::resolve_source(SourceDecl& source, const Shape** object, bool for_many) {
    const auto* op = operation(source.service, source.op, source.place);
    if (op == nullptr) return;
    Found found;
    // One request for many things must not name one of them.
    const bool of_one = !for_many || source.key.empty();
    if (of_one && op->input != nullptr) complete_ids(source.in, op->input, source.place);
    if (source.in && op->input != nullptr) visit(*source.in, op->input, Role::other, found);
    std::string missing;
    const Shape* beside = nullptr;
    const auto* shape = follow(op->output, source.out, &missing, &beside);
    if (shape == nullptr) {
        if (beside != nullptr) unknown_member(source.place, beside->name, missing, beside);
        return;
    }
    if (!source.key.empty()) {
        if (!makes_list(source.out)) {
            if (shape->type != ShapeType::list)
                return problems_.add(source.place, fmt::format("\"out: {}\" is no list, so \"key\" cannot choose from it.", source.out));
            shape = shape->element->shape;
        }
        if (follow(shape, source.key, &missing, &beside) == nullptr) unknown_member(source.place, beside->name, missing, beside);
    }
    if (object != nullptr) *object = shape;
}

}  // namespace strata::codegen
