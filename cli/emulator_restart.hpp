#pragma once

#include <string>

#include "cli/render/reporter.hpp"
#include "cli/workspace.hpp"
#include "engine/model/provider.hpp"

namespace strata::cli {

/// The emulator forgets everything when it restarts, so that state of an earlier life speaks of things that are gone.
/// Such state is put aside, and that is said in one line.
/// @param instance  name of the provider instance that answered with `identity`
Status archive_forgotten_state(Workspace& workspace, const std::string& instance, const ProviderIdentity& identity, Reporter& report);

}  // namespace strata::cli
