#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/aws/codegen/types_resolve.hpp"

namespace strata::codegen {

/// The work of resolve(), one declaration at a time. Split over types_resolve*.cpp by what is compared.
class Resolver {
public:
    Resolver(TypeDecl decl, Models& models, Problems& problems) : models_{models}, problems_{problems} { out_.decl = std::move(decl); }
    ResolvedType run();

private:
    /// What kind of request an expression stands in.
    enum class Role : std::uint8_t { create, update, other };

    /// Shapes of `$value`, `$item` and `$key` as the request shows them.
    struct Found {
        const aws::Shape* value = nullptr;
        std::string value_member;  ///< top-level member that `$value` or `$items` fills
        const aws::Shape* item = nullptr;
        bool spread_item = false;  ///< `...: $item`, `...: $value`: it is made of the operation's own members
    };

    // types_resolve_request.cpp: requests against input shapes
    const aws::Operation* operation(std::string_view service, std::string_view name, const Location& place);
    /// Adds to `in` the parts of the id that the request takes and `in` does not name; makes `in` where there is none.
    /// @param input of an operation that takes one
    Expr& complete_ids(std::optional<Expr>& in, const aws::Shape* input, const Location& place);
    void visit(Expr& expression, const aws::Shape* at, Role role, Found& found, std::string_view top_member = {});
    void visit_map(Expr& expression, const aws::Shape* at, Role role, Found& found, std::string_view top_member);
    void visit_value(Expr& expression, const aws::Shape* at, Found& found, std::string_view top_member);
    void visit_tags(Expr& expression, const aws::Shape* at);
    void visit_property(const Expr& expression, const aws::Shape* at);
    void resolve_use(UseDecl& use, Role role, Found& found);
    void resolve_source(SourceDecl& source, const aws::Shape** object = nullptr, bool for_many = false);
    std::optional<aws::TagForm> tag_form(const aws::Shape* at, bool keys_only, const std::string& resource);

    // types_resolve_property.cpp: which properties there are
    Property& add_property(std::string_view name, const aws::Shape* shape);
    [[nodiscard]] Property* find_property(std::string_view name);
    [[nodiscard]] bool is_id_part(std::string_view name) const;
    [[nodiscard]] bool skips(const aws::Member& member) const;
    void resolve_create();
    void add_members(const aws::Shape* shape, const Expr* in, std::vector<std::string>& names);
    void add_nested(Expr& expression, const aws::Shape* at);
    void resolve_declared_properties();
    void resolve_attributes();
    void resolve_updates();
    void resolve_update(UseDecl& use);
    void resolve_tags();
    void resolve_naming();
    void infer_replaces();
    void resolve_service_defaults();
    void read_notes();
    /// What the declaration says of the value at a path; made when first asked for.
    Note& note(const std::string& path) { return out_.notes[path]; }

    // types_resolve_facet.cpp
    void resolve_facets();
    void resolve_facet(FacetDecl& facet, std::size_t index);
    const aws::Shape* facet_shape(FacetDecl& facet, Found& found);
    const aws::Shape* spread_shape(const FacetDecl& facet, const UseDecl& use);

    // types_resolve_read.cpp: answers against output shapes
    void resolve_reads();
    void resolve_object(SourceDecl& source, std::vector<const aws::Shape*>& objects, bool for_many);
    void bind_properties(std::vector<SourceDecl>& sources, const std::vector<const aws::Shape*>& objects, bool batched);
    bool bind(const Property& property, SourceDecl& source, const aws::Shape* object);
    void resolve_outputs(const std::vector<const aws::Shape*>& objects);
    void check_path(const std::vector<const aws::Shape*>& objects, const std::string& path, const Location& place);

    void unknown_member(const Location& place, std::string_view what, std::string_view name, const aws::Shape* shape);

    ResolvedType out_;
    Models& models_;
    Problems& problems_;
    std::vector<std::string> triggered_;  ///< properties that some update call carries
};

}  // namespace strata::codegen
