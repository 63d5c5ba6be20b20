#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_resolver.hpp"
#include "providers/aws/model/path.hpp"

namespace strata::codegen {

using aws::Shape;
using aws::ShapeType;
using Kind = aws::Expression::Kind;

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

bool names_member(const Expr* in, std::string_view name) {
    return in != nullptr && std::ranges::any_of(in->members, [&](const auto& entry) { return entry.first == name; });
}

/// Every property that the expression refers to.
void collect_properties(const Expr& expression, std::vector<std::string>& names) {
    using enum aws::Expression::Kind;
    if (expression.kind == property || expression.kind == added || expression.kind == removed ||
        (expression.kind == changed && !expression.text.empty()))
        names.push_back(expression.text.substr(0, expression.text.find_first_of(".[")));
    if (expression.kind == all || expression.kind == changed || expression.kind == attributes_all || expression.kind == attributes_changed)
        names.insert(names.end(), expression.names.begin(), expression.names.end());
    for (const auto& [name, member] : expression.members) collect_properties(member, names);
    for (const auto& item : expression.items) collect_properties(item, names);
}

bool has_kind(const Expr& expression, Kind kind) {
    // `$changed.Port` is one property; only `$changed` stands for all of them.
    return (expression.kind == kind && (kind != Kind::changed || expression.text.empty())) ||
           std::ranges::any_of(expression.members, [&](const auto& entry) { return has_kind(entry.second, kind); }) ||
           std::ranges::any_of(expression.items, [&](const auto& item) { return has_kind(item, kind); });
}

}  // namespace

Property* Resolver::find_property(std::string_view name) {
    const auto at = std::ranges::find(out_.properties, name, &Property::name);
    return at != out_.properties.end() ? &*at : nullptr;
}

Property& Resolver::add_property(std::string_view name, const Shape* shape) {
    if (auto* known = find_property(name)) return *known;
    out_.properties.push_back({.name = std::string{name}, .label = snake_case(name), .shape = shape});
    return out_.properties.back();
}

bool Resolver::is_id_part(std::string_view name) const { return contains(out_.decl.id_parts, name); }

bool Resolver::skips(const aws::Member& member) const {
    const auto& decl = out_.decl;
    return member.idempotency_token || member.name == "DryRun" || contains(decl.exclude, member.name) ||
           (decl.tags.present && decl.tags.create == member.name);
}

/// Members of a request that become properties and are sent under their own name.
void Resolver::add_members(const Shape* shape, const Expr* in, std::vector<std::string>& names) {
    for (const auto& member : shape->members) {
        if (skips(member) || names_member(in, member.name)) continue;
        auto& property = add_property(member.name, member.shape);
        property.required |= member.required;
        names.emplace_back(member.name);
    }
}

/// `DatabaseInput: $all`: the members of that structure are properties.
void Resolver::add_nested(Expr& expression, const Shape* at) {
    if (at == nullptr) return;
    if (expression.kind == Kind::all && at->type == ShapeType::structure) add_members(at, nullptr, expression.names);
    for (auto& [name, inner] : expression.members)
        if (const auto* member = find_member(at, name)) add_nested(inner, member->shape);
}

void Resolver::resolve_create() {
    auto& decl = out_.decl;
    if (!decl.create) return problems_.add(decl.place, "\"create\" is missing.");
    auto& use = *decl.create;
    const auto* op = operation(use.service, use.op, use.place);
    if (op == nullptr || op->input == nullptr) return;
    if (!use.in) use.in = Expr{.kind = Kind::map, .place = use.place};
    add_nested(*use.in, op->input);
    Expr spread{.kind = Kind::all, .place = use.place};
    add_members(op->input, &*use.in, spread.names);
    if (!spread.names.empty()) use.in->members.emplace_back("", std::move(spread));
    if (decl.tags.present && !decl.tags.create.empty() && !names_member(&*use.in, decl.tags.create))
        use.in->members.emplace_back(decl.tags.create, Expr{.kind = Kind::tags, .place = decl.tags.place});
    Found found;
    visit(*use.in, op->input, Role::create, found);
    collect_properties(*use.in, out_.created_with);
    std::ranges::sort(out_.created_with);
}

void Resolver::resolve_declared_properties() {
    auto& decl = out_.decl;
    for (const auto& [name, property] : decl.properties) {
        const Shape* shape = nullptr;
        if (!property.from.empty()) {
            const auto dot = property.from.find('.');
            const auto* op = operation(decl.service, property.from.substr(0, dot), property.place);
            std::string missing;
            const Shape* beside = nullptr;
            if (op != nullptr) shape = follow(op->input, property.from.substr(dot + 1), &missing, &beside);
            if (op != nullptr && shape == nullptr) unknown_member(property.place, beside->name, missing, beside);
        } else {
            shape = Models::builtin(property.shape);
            if (shape == nullptr) shape = models_.shape(decl.service, property.shape);
            if (shape == nullptr) problems_.add(property.place, fmt::format("no shape \"{}\".", property.shape));
        }
        auto& added = add_property(name, shape);
        added.local = property.local;
        added.required = property.required;
    }
}

void Resolver::resolve_attributes() {
    for (const auto& [name, word] : out_.decl.attributes) {
        const auto* shape = Models::builtin(word == "json" ? "text" : word);
        if (shape == nullptr) problems_.add(out_.decl.place, fmt::format("attribute {}: no shape \"{}\".", name, word));
        add_property(name, shape);
        if (word == "json") note(name).sameness = "json";
    }
}

void Resolver::resolve_update(UseDecl& use) {
    const auto* op = operation(use.service, use.op, use.place);
    if (op == nullptr || op->input == nullptr) return;
    auto& in = complete_ids(use.in, op->input, use.place);
    Expr spread{.kind = use.send_all ? Kind::all : Kind::changed, .place = use.place};
    if (use.per == aws::OperationUse::Per::none)
        for (const auto& member : op->input->members) {
            const auto* property = find_property(member.name);
            const bool wanted = use.triggers.empty() || contains(use.triggers, member.name);
            if (property != nullptr && property->facet == 0 && !property->local && !names_member(&in, member.name) && wanted &&
                !skips(member))
                spread.names.emplace_back(member.name);
        }
    // A request that says itself what it sends ($changed, $all, $.X) is complete.
    std::vector<std::string> named;
    collect_properties(in, named);
    std::erase_if(named, [&](const auto& name) { return is_id_part(name); });
    const bool says_itself = has_kind(in, Kind::all) || has_kind(in, Kind::changed) || has_kind(in, Kind::attributes_all);
    if (!spread.names.empty() && !says_itself) in.members.emplace_back("", std::move(spread));
    Found found;
    visit(in, op->input, Role::update, found);
    if (use.each) resolve_source(*use.each);
    if (!use.triggers.empty()) return;
    if (!use.per_property.empty()) use.triggers = {use.per_property};
    else if (use.per == aws::OperationUse::Per::attribute)
        for (const auto& [name, shape] : out_.decl.attributes) use.triggers.push_back(name);
    else collect_properties(in, use.triggers);
    std::erase_if(use.triggers, [&](const auto& name) {
        const auto* property = find_property(name);
        return is_id_part(name) || property == nullptr || property->local;
    });
}

void Resolver::resolve_updates() {
    for (auto& use : out_.decl.update) {
        resolve_update(use);
        std::ranges::sort(use.triggers);
        use.triggers.erase(std::ranges::unique(use.triggers).begin(), use.triggers.end());
        if (use.triggers.empty()) problems_.add(use.place, fmt::format("{} updates no property.", use.op), "Say which with \"for\".");
        triggered_.insert(triggered_.end(), use.triggers.begin(), use.triggers.end());
    }
}

void Resolver::resolve_tags() {
    auto& tags = out_.decl.tags;
    if (!tags.present) return;
    add_property("Tags", Models::builtin("map<text>"));
    Found found;
    if (tags.read) resolve_source(*tags.read);
    if (tags.add) resolve_use(*tags.add, Role::other, found);
    if (tags.remove) resolve_use(*tags.remove, Role::other, found);
    if (!tags.add) problems_.add(tags.place, "\"add\" or \"put\" is missing: how are tags changed?");
}

void Resolver::resolve_naming() {
    auto& decl = out_.decl;
    auto& naming = decl.naming;
    if (naming.property.empty() && decl.id_parts.size() == 1) naming.property = decl.id_parts[0];
    if (!naming.generated) naming.property.clear();
    auto* property = find_property(naming.property);
    if (property == nullptr) return;
    property->required = false;
    const auto most = property->shape->max ? static_cast<int>(*property->shape->max) : 255;
    naming.limit = naming.limit == 0 ? most : std::min(naming.limit, most);
}

/// What a new thing has of a facet, as JSON; empty where that is not known.
static std::string starts_as(const FacetDecl& facet) {
    if (facet.preset || facet.kind == FacetKind::document) return {};
    return facet.kind == FacetKind::set ? "[]" : "{}";
}

/// What no update call carries can be changed only by replacing the thing.
void Resolver::infer_replaces() {
    auto& decl = out_.decl;
    for (auto& property : out_.properties) {
        const bool changeable = property.local || property.facet != 0 || property.name == "Tags" || contains(triggered_, property.name);
        property.replaces = (!changeable && !contains(decl.keeps, property.name)) || contains(decl.replaces, property.name);
        property.write_only = contains(decl.write_only, property.name);
        if (const auto at = decl.witness.find(property.name); at != decl.witness.end()) property.witness = at->second;
        if (contains(decl.required, property.name)) property.required = true;
        if (contains(decl.optional, property.name)) property.required = false;
        if (const auto at = decl.defaults.find(property.name); at != decl.defaults.end()) property.default_json = at->second;
        else if (property.facet != 0) property.default_json = starts_as(decl.facets[property.facet - 1]);
        if (const auto at = decl.canonical.find(property.name); at != decl.canonical.end()) property.canonical = at->second;
    }
    const auto check = [&](const auto& names, std::string_view what) {
        for (const auto& name : names)
            if (find_property(name) == nullptr) problems_.add(decl.place, fmt::format("{}: no property \"{}\".", what, name));
    };
    check(decl.replaces, "replaces");
    check(decl.keeps, "keeps");
    check(decl.write_only, "write_only");
    for (const auto& [name, output] : decl.witness) {
        if (!contains(decl.write_only, name)) problems_.add(decl.place, fmt::format("witness: \"{}\" is not under \"write_only\".", name));
        if (std::ranges::find(decl.outputs, output, &std::pair<std::string, OutputDecl>::first) == decl.outputs.end())
            problems_.add(decl.place, fmt::format("witness: no output \"{}\".", output));
    }
    check(decl.required, "required");
    check(decl.optional, "optional");
    for (const auto& [name, bound] : decl.grows) check(std::vector{name, bound}, "grows");
    for (const auto& [name, value] : decl.defaults)
        if (find_property(name) == nullptr) problems_.add(decl.place, fmt::format("defaults: no property \"{}\".", name));
}

void Resolver::resolve_service_defaults() {
    std::vector<std::string> names;
    std::vector<aws::Member> members;
    for (const auto& property : out_.properties) {
        names.push_back(property.name);
        members.push_back({.name = models_.keep(property.name), .shape = property.shape});
    }
    for (const auto& output : out_.outputs) members.push_back({.name = models_.keep(output.name), .shape = output.shape});
    const auto* thing = models_.structure(out_.decl.class_name(), std::move(members));
    for (auto& rule : out_.decl.service_defaults) {
        const auto* property = find_property(rule.property);
        if (property == nullptr) {
            problems_.add_unknown(rule.place, fmt::format("service_defaults: no property \"{}\".", rule.property), rule.property, names);
            continue;
        }
        Found unused;
        visit(rule.value, property->shape, Role::other, unused);
        if (const auto well_formed = aws::check_path(rule.where); !rule.where.empty() && !well_formed)
            problems_.add(rule.place, well_formed.error().cause);
        check_path({thing}, rule.where.substr(0, rule.where.find_first_of(" =!<>|&")), rule.place);
    }
}

void Resolver::read_notes() {
    const auto& decl = out_.decl;
    constexpr std::array samenesses = {std::string_view{"exact"},       std::string_view{"json"},
                                       std::string_view{"arn_or_id"},   std::string_view{"without_case"},
                                       std::string_view{"cidr"},        std::string_view{"version_prefix"},
                                       std::string_view{"number_text"}, std::string_view{"trailing_newline"}};
    for (const auto& path : decl.sets) note(path).set = true;
    for (const auto& path : decl.secret) note(path).secret = true;
    for (const auto& path : decl.untyped) note(path).untyped = true;
    for (const auto& path : decl.json) note(path).sameness = "json";
    for (const auto& [path, members] : decl.identified_by) note(path).identified_by = members;
    for (const auto& [path, word] : decl.same) {
        if (std::ranges::find(samenesses, word) == samenesses.end())
            problems_.add(decl.place, fmt::format("same: \"{}\" is no way to compare.", word));
        note(path).sameness = word;
    }
    for (const auto& [path, found] : out_.notes) {
        const auto* property = find_property(path.substr(0, path.find('.')));
        const Shape* shape = property != nullptr ? property->shape : nullptr;
        for (auto rest = path; shape != nullptr && rest.find('.') != std::string::npos;) {
            rest = rest.substr(rest.find('.') + 1);
            while (shape->type == ShapeType::list || shape->type == ShapeType::map) shape = shape->element->shape;
            const auto* member = find_member(shape, rest.substr(0, rest.find('.')));
            shape = member != nullptr ? member->shape : nullptr;
        }
        if (shape == nullptr) problems_.add(decl.place, fmt::format("no property has the path \"{}\".", path));
    }
}

}  // namespace strata::codegen
