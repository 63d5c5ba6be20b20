#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/codegen/types_resolver.hpp"

namespace strata::codegen {

using aws::Shape;

namespace {

/// "public_access_block" -> "PublicAccessBlock", or "publicAccessBlock" where the service writes names so.
std::string wire_name_of(std::string_view label, bool lower_first) {
    std::string out;
    bool upper = !lower_first;
    for (const char c : label) {
        if (c == '_') upper = true;
        else {
            out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
            upper = false;
        }
    }
    return out;
}

}  // namespace

/// The structure of an item or document that is spread over a call: its members which the call does not name.
const Shape* Resolver::spread_shape(const FacetDecl& facet, const UseDecl& use) {
    const auto* op = operation(use.service, use.op, use.place);
    if (op == nullptr || op->input == nullptr) return nullptr;
    std::vector<aws::Member> members;
    for (const auto& member : op->input->members) {
        const bool given = use.in && std::ranges::any_of(use.in->members, [&](const auto& entry) { return entry.first == member.name; });
        // A document may be what the create call takes as well, and what `exclude` keeps out of that one.
        const bool skipped = facet.kind == FacetKind::document ? member.idempotency_token || member.name == "DryRun" : skips(member);
        if (!given && !skipped && std::ranges::find(facet.omit, member.name) == facet.omit.end()) members.push_back(member);
    }
    return models_.structure(facet.as.empty() ? out_.decl.class_name() + wire_name_of(facet.label, false) : facet.as, std::move(members));
}

const Shape* Resolver::facet_shape(FacetDecl& facet, Found& found) {
    const auto& use = facet.kind == FacetKind::set ? facet.add.front() : facet.put.front();
    const Shape* one = facet.kind == FacetKind::set ? found.item : found.value;
    if (found.spread_item) one = spread_shape(facet, use);
    if (!facet.shape.empty()) {
        one = Models::builtin(facet.shape);
        if (one == nullptr) one = models_.shape(out_.decl.service, facet.shape);
        if (one == nullptr) problems_.add(facet.place, fmt::format("no shape \"{}\".", facet.shape));
    }
    if (one != nullptr && !found.spread_item && (!facet.omit.empty() || !facet.as.empty())) {
        std::vector<aws::Member> members;
        for (const auto& member : one->members)
            if (std::ranges::find(facet.omit, member.name) == facet.omit.end()) members.push_back(member);
        one = models_.structure(facet.as.empty() ? std::string{one->name} : facet.as, std::move(members));
    }
    if (one == nullptr) return nullptr;
    if (facet.kind == FacetKind::set) return models_.list_of(one);
    return facet.kind == FacetKind::map ? models_.map_of(one) : one;
}

void Resolver::resolve_facet(FacetDecl& facet, std::size_t index) {
    Found found;
    if ((facet.kind == FacetKind::set ? facet.add : facet.put).empty())
        return problems_.add(facet.place, facet.kind == FacetKind::set ? "\"add\" is missing." : "\"put\" is missing.");
    // A scalar document whose member is called like the facet needs no request: put: PutRetentionPolicy.
    for (auto& use : facet.put) {
        const auto* op = operation(use.service, use.op, use.place);
        if (op == nullptr || use.in || op->input == nullptr) continue;
        use.in = Expr{.kind = aws::Expression::Kind::map, .place = use.place};
        for (const auto& member : op->input->members)
            if (snake_case(member.name) == facet.label)
                use.in->members.emplace_back(std::string{member.name}, Expr{.kind = aws::Expression::Kind::value, .place = use.place});
    }
    for (auto* uses : {&facet.put, &facet.add}) {
        for (auto& use : *uses) {
            Found here;
            resolve_use(use, Role::other, here);
            if (&use == &uses->front()) found = here;
        }
    }
    Found unused;
    for (auto* uses : {&facet.replace, &facet.remove})
        for (auto& use : *uses) resolve_use(use, Role::other, unused);
    const auto* shape = facet_shape(facet, found);
    if (shape == nullptr)
        return problems_.add(facet.place,
                             "no request shows what the facet holds: use $value (document, map), $item or $items (set), or say \"shape\".");
    const bool lower_first = !out_.decl.id_parts.empty() && std::islower(static_cast<unsigned char>(out_.decl.id_parts[0][0])) != 0;
    if (facet.name.empty())
        facet.name = snake_case(found.value_member) == facet.label ? found.value_member : wire_name_of(facet.label, lower_first);
    if (facet.from_read == "read") facet.from_read = facet.name;
    auto& property = add_property(facet.name, shape);
    property.shape = shape;
    property.label = facet.label;
    property.facet = index;
    property.exclusive = facet.exclusive;
    if (facet.kind == FacetKind::set) {
        note(facet.name).set = true;
        note(facet.name).identified_by = facet.identified_by;
    }
    if (facet.get) resolve_source(*facet.get);
    if (facet.get_item) resolve_source(*facet.get_item);
}

void Resolver::resolve_facets() {
    for (std::size_t i = 0; i < out_.decl.facets.size(); ++i) resolve_facet(out_.decl.facets[i], i + 1);
}

}  // namespace strata::codegen
