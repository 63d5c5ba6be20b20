#pragma once

#include <string>

#include "cli/render/plan_text.hpp"
#include "engine/deploy/drift.hpp"

namespace strata::cli {

/// What was changed outside of Strata: each property as "last applied → live"; ends in a line end.
std::string drift_text(const DriftReport& report, PlanDetail detail, const Style& style);

}  // namespace strata::cli
