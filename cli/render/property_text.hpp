#pragma once

#include <string>

#include "cli/render/plan_text.hpp"

namespace strata::cli {

/// The properties of one resource of a plan: each that changes as "name  old → new"; with PlanDetail::everything also
/// those of what is made, with the place in the program.
void append_properties(const PlannedResource& resource, PlanDetail detail, const Style& style, std::string& out);

/// A change that is told in the same form: of a resource that somebody changed, for `drift` and `refresh`.
void append_change(const PropertyChange& change, std::size_t path_columns, PlanDetail detail, const Style& style, std::string& out);

}  // namespace strata::cli
