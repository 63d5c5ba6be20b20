#pragma once

#include <span>
#include <string>

#include "cli/command.hpp"
#include "cli/operation.hpp"

namespace strata::cli {

/// Shows every plan that has something to say, and names the stacks of the others in one line.
void show_plans(Command& command, const Operation& operation);

/// True when any plan changes anything.
bool any_changes(const Operation& operation);

/// @errors resources_failed, naming what could not be read: for what is known of it, a run does not answer "ok"
Status all_seen(const Operation& operation);
Status all_seen(std::span<const DriftReport> reports);

/// Reports what keeps plans from being carried out, the last one returned. @param all  false: only when every plan is kept so
Status plan_errors(Command& command, const Operation& operation, bool all);

/// Asks until the person has typed `wanted` ("yes", or a stack's name), unless --yes was given.
/// @errors declined, also where nobody can be asked
Status confirm(Command& command, const std::string& question, const std::string& wanted);

/// "2 stacks of dev (123456789012, ca-central-1)": what a question is about.
std::string subject(const Operation& operation, const Workspace& workspace);

}  // namespace strata::cli
