#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/files.hpp"
#include "engine/deploy/interrupt.hpp"
#include "engine/deploy/provider_set.hpp"

namespace strata::cli {

class Connections;

/// Makes the kinds of providers that a run may use; nothing is started before an instance is used.
using MakeProviderKinds = std::function<std::vector<ProviderKind>(Connections& connections)>;

/// Everything outside of the process that a command touches. Tests hand in their own.
struct Surroundings {
    Console& console;
    Files& files;
    Clock& clock;
    std::function<std::optional<std::string>(std::string_view name)> variables;  ///< of the process's environment
    Interrupt& interrupt;
    MakeProviderKinds provider_kinds;
    bool handle_signals = false;  ///< SIGINT and SIGTERM go to `interrupt` while a command works
};

}  // namespace strata::cli
