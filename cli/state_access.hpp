#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/workspace.hpp"

namespace strata::cli {

/// One stack's state, open. The store lives as long as the session that uses it.
struct OpenState {
    std::string stack;
    std::unique_ptr<StateStore> store;
    std::unique_ptr<StateSession> session;
};

/// Opens the state of `stack`; with a purpose the lock is taken. @errors usage when the stack has no state here
Result<OpenState> open_state(Workspace& workspace, const std::string& stack, std::string_view purpose = {});

/// Every stack that has state, or those named. @errors as open_state
Result<std::vector<OpenState>> open_states(Workspace& workspace, const std::vector<std::string>& named);

/// The stack whose state holds `address`, or something below it.
/// @param named  --stack; empty: looked for in every stack
/// @errors usage when none does (with the nearest address), or several
Result<std::string> stack_holding(Workspace& workspace, const std::string& address, const std::string& named);

}  // namespace strata::cli
