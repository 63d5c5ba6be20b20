#include "providers/aws/codegen/types_resolve.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/aws/codegen/types_resolver.hpp"

namespace strata::codegen {

ResolvedType Resolver::run() {
    auto& decl = out_.decl;
    if (models_.service(decl.service) == nullptr) {
        problems_.add(decl.place, fmt::format("no model of service \"{}\".", decl.service), models_.error());
        return std::move(out_);
    }
    resolve_declared_properties();
    resolve_attributes();
    resolve_create();
    resolve_updates();
    Found none;
    for (auto& use : decl.remove) resolve_use(use, Role::other, none);
    resolve_tags();
    resolve_facets();
    read_notes();
    resolve_naming();
    infer_replaces();
    resolve_reads();
    resolve_service_defaults();
    if (decl.orphan.list) resolve_source(*decl.orphan.list);
    std::ranges::sort(out_.properties, {}, &Property::name);
    return std::move(out_);
}

void Resolver::unknown_member(const Location& place, std::string_view what, std::string_view name, const aws::Shape* shape) {
    problems_.add_unknown(place, fmt::format("{} has no member \"{}\".", what, name), name, member_names(shape));
}

ResolvedType resolve(TypeDecl decl, Models& models, Problems& problems) { return Resolver{std::move(decl), models, problems}.run(); }

}  // namespace strata::codegen
