#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/workspace.hpp"
#include "engine/deploy/deployment.hpp"

namespace strata::cli {

/// One run that changed a stack, or tried to.
struct Update {
    std::string verb;
    double seconds = 0;
    std::string time = {};    ///< ISO 8601, UTC
    std::string user = {};    ///< "anna@laptop"
    std::string result = {};  ///< "succeeded", "failed", "interrupted"
    std::size_t created = 0;
    std::size_t updated = 0;
    std::size_t replaced = 0;
    std::size_t deleted = 0;
    std::size_t failed = 0;
    std::uint64_t serial = 0;  ///< of the state afterwards
};

/// Writes one more line into the stack's history (`history.jsonl` beside its state; the last thousand are kept). A run that
/// had nothing to do is no update. A history that cannot be written fails nothing.
void note_update(const Workspace& workspace, Command& command, Update update, const StackOutcome& outcome,
                 std::span<const std::unique_ptr<StackRun>> runs);

/// The oldest first; none when the stack has no history.
std::vector<Update> read_history(const Workspace& workspace, Files& files, const std::string& stack);

}  // namespace strata::cli
