#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/aws/codegen/types_names.hpp"
#include "providers/aws/codegen/types_resolve.hpp"

namespace strata::codegen {

/// Writes the static tables of one service's types. Each function returns the C++ text that names or makes a
/// value, and puts the arrays that it needs before it into text().
class Tables {
public:
    explicit Tables(const Names& names) : names_{names} {}

    [[nodiscard]] const std::string& text() const { return text_; }

    /// The definition of `ResourceType <class>_type` and all that it points at.
    void type(const ResolvedType& type);

private:
    // types_tables.cpp: what the interpreter reads
    std::string texts(const std::vector<std::string>& items);
    std::string expression(const Expr& expression);
    std::string pointer(const std::optional<Expr>& expression);
    std::string fields(const std::vector<std::pair<std::string, std::string>>& fields, const std::map<std::string, std::string>& decode);
    std::string source(const SourceDecl& source, const TypeDecl& type);
    std::string source_pointer(const std::optional<SourceDecl>& source, const TypeDecl& type);
    std::string sources(const std::vector<SourceDecl>& list, const TypeDecl& type);
    std::string use(const UseDecl& use, const TypeDecl& type);
    std::string uses(const std::vector<UseDecl>& list, const TypeDecl& type);
    std::string use_pointer(const std::optional<UseDecl>& use, const TypeDecl& type);
    std::string id(const TypeDecl& type);
    std::string tags(const TypeDecl& type);
    std::string facet(const FacetDecl& facet, const TypeDecl& type);
    std::string facets(const TypeDecl& type);
    std::string pending(const TypeDecl& type);
    std::string retries(const TypeDecl& type);
    std::string errors(const TypeDecl& type);
    std::string growths(const TypeDecl& type);
    std::string service_defaults(const TypeDecl& type);
    std::string output_fields(const TypeDecl& type);
    std::string computed_outputs(const TypeDecl& type);
    std::string orphan(const TypeDecl& type);
    std::string naming(const TypeDecl& type);
    std::string hooks(const TypeDecl& type);
    void detail(const ResolvedType& type);

    // types_tables_schema.cpp: what the engine reads
    std::string schema(const aws::Shape* shape, const std::string& path, const ResolvedType& type);
    std::string schema_body(const aws::Shape* shape, const std::string& path, const ResolvedType& type);
    std::string structure_members(const aws::Shape* shape, const std::string& path, const ResolvedType& type);
    std::string property(const Property& property, const ResolvedType& type);
    std::string outputs(const ResolvedType& type);
    std::string engine_facets(const TypeDecl& type);
    static bool has_notes(const std::string& path, const ResolvedType& type);

    /// Adds `constexpr <type> <name><n>[] = {...};` and returns its name; the same content is written once.
    std::string array(std::string_view element, std::string_view prefix, const std::vector<std::string>& items);
    std::string constant(std::string_view type, std::string_view prefix, const std::string& value);

    const Names& names_;
    std::string text_;
    std::map<std::string, std::string> known_;
    std::map<const aws::Shape*, std::string> schemas_;
    int next_ = 0;
};

}  // namespace strata::codegen
