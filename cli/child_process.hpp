#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "engine/base/error.hpp"

namespace strata::cli {

/// A program to be started so that it outlives us.
struct ChildProcess {
    std::vector<std::string> command;                                 ///< its path first
    std::vector<std::pair<std::string, std::string>> variables = {};  ///< beside those of this process
    std::filesystem::path log;                                        ///< gets its output and errors, appended
};

/// Starts it in a session of its own, without input and with every signal as usual: Ctrl-C here does not reach it.
Result<pid_t> start_in_background(const ChildProcess& child);

/// True while the process exists; a child of ours that has ended is taken note of.
bool is_running(pid_t process);

/// True when the process was started with `word` on its command line. Where the system does not tell (no /proc), true.
bool was_started_with(pid_t process, std::string_view word);

}  // namespace strata::cli
