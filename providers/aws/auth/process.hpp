#pragma once

#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"

namespace strata::aws {

/// Runs `command` with the shell and returns what it wrote to its standard output; its standard error goes
/// to ours, because it may ask for a password or a code there.
/// @errors credentials when it cannot be started, ends with a code other than zero, or is not done in time
/// (it is then killed). Output and command line are never part of the error: they may hold secrets.
Result<std::string> run_credential_process(const std::string& command, Milliseconds timeout);

}  // namespace strata::aws
