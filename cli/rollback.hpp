#pragma once

#include <string>

#include "cli/command.hpp"
#include "engine/state/update.hpp"

namespace strata::cli {

/// Returns what is live to what it was before an update of a stack: plans, shows what cannot be brought back, asks, carries out.
/// @param ask  false: `up --on-failure rollback` was asked already
Result<ExitCode> roll_back(Command& command, const std::string& stack, std::uint64_t update, bool ask);

}  // namespace strata::cli
