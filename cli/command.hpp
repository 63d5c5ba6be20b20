#pragma once

#include "cli/arguments.hpp"
#include "cli/exit_code.hpp"
#include "cli/program.hpp"
#include "cli/render/reporter.hpp"
#include "cli/surroundings.hpp"

namespace strata::cli {

/// One command on its way: what was asked for, and all that it may use.
struct Command {
    const Arguments& arguments;
    const LinkedProgram& program;
    Surroundings& around;
    Reporter& report;
};

/// Does what a verb promises. An Error that is returned has not been reported yet.
using RunVerb = Result<ExitCode> (*)(Command& command);

}  // namespace strata::cli
