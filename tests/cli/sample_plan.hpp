#pragma once

#include "engine/plan/plan.hpp"

namespace strata::cli {

/// A plan with every kind of change, secrets ("hunter2") on both sides, unknowns, drift, documents and outputs.
Plan sample_plan();

}  // namespace strata::cli
