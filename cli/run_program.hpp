#pragma once

#include <span>
#include <string>

#include "cli/exit_code.hpp"
#include "cli/program.hpp"
#include "cli/surroundings.hpp"

namespace strata::cli {

/// One command line, from its words to its exit code.
/// @param words  without the program's own name
ExitCode run_program(std::span<const std::string> words, const LinkedProgram& program, Surroundings& around);

}  // namespace strata::cli
