#pragma once

#include <span>
#include <string>
#include <string_view>

#include "providers/aws/codegen/model_literal.hpp"
#include "providers/aws/codegen/types_names.hpp"
#include "providers/aws/codegen/types_resolve.hpp"

namespace strata::codegen {

/// The header of a service: argument structs, enums, resource classes.
std::string service_header(std::string_view service, std::span<const ResolvedType> types, const Names& names);
/// Its source: what the header declares, schemas, and the tables of the interpreter.
std::string service_source(std::string_view service, std::span<const ResolvedType> types, const Names& names);
/// The list of all services' types.
std::string types_registry(std::span<const std::string> services);
/// The method that gives an output: its label, with `_` where the base class or the language has that name.
std::string output_accessor(std::string_view label);
/// The reference page of one type, and the page that lists all.
std::string reference_page(const ResolvedType& type, const Names& names);
std::string reference_index(std::span<const ResolvedType> types);

}  // namespace strata::codegen
