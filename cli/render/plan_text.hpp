#pragma once

#include <string>

#include "cli/render/style.hpp"
#include "engine/plan/plan.hpp"

namespace strata::cli {

enum class PlanDetail : std::uint8_t {
    changes,     ///< what changes, long values cut
    everything,  ///< also the properties of what is made, whole values, documents line by line
};

/// A plan as a person reads it; ends in a line end. Errors and warnings of the plan are not in it.
std::string plan_text(const Plan& plan, PlanDetail detail, const Style& style);

/// "orchestration · dev · 123456789012 ca-central-1 · 84 resources read live in 0.8 s (61 calls)"
std::string plan_header(const Plan& plan);
/// "2 to update, 1 to replace, 81 unchanged · 1 replacement loses data"
std::string plan_counts(const Plan& plan);

}  // namespace strata::cli
