#pragma once

#include <string>

#include "cli/operation.hpp"

namespace strata::cli {

/// What a plan would cost beyond the environment's budget of changes, in words; empty when it keeps to it.
std::string beyond_budget(const std::vector<const Plan*>& plans, const ChangeBudget& budget);

/// Asks for the person's word that the plans are carried out: `wanted` typed, unless --yes was given. Plans that go beyond the
/// environment's budget need its name: with --allow, or typed in place of `wanted`.
/// @param ask  false: a saved plan, or a rollback that was asked for; the budget holds all the same
/// @errors declined
Status agree(Command& command, Operation& operation, const std::string& question, const std::string& wanted, bool ask = true);

}  // namespace strata::cli
