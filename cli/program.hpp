#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/deploy/stack_program.hpp"

namespace strata {

class ConfigReader;

/// What was linked with the command line: the stacks of a program, and how its settings reach them.
struct LinkedProgram {
    std::vector<std::string> stacks;  ///< names, in the order in which the program gives them
    /// Reads the program's settings and ties every stack to them; mistakes go to the reader's Diagnostics.
    std::function<std::vector<StackProgram>(ConfigReader&)> load;
};

}  // namespace strata
