#pragma once

#include "engine/model/provider.hpp"
#include "engine/model/schema.hpp"
#include "engine/plan/plan.hpp"

namespace strata {

/// What a facet holds now. What was applied and is not seen any more is gone: only of what no read answers is it known no better.
/// @param seen  nullptr when nothing was read: what was applied stands for it
ValueMap present_properties(const ResourceType& type, std::size_t facet, const ValueMap& applied, const Live* seen);

/// What is ours alone, or what the model does not know, comes into state with what is imported: there is nothing to compare it with.
ValueMap wishes_that_no_read_answers(const ResourceType& type, const ValueMap& desired);

/// A property that is no longer set, but has a known default, is sent with that.
void restore_defaults(PlannedFacet& facet);

/// True when a new thing has all of these from the start: there is nothing to call.
bool is_born_with(const ResourceType& type, const ValueMap& desired);

}  // namespace strata
