#pragma once

#include <span>
#include <string>

#include "cli/render/reporter.hpp"
#include "engine/state/update.hpp"

namespace strata::cli {

/// Updates of a stack as a list, newest first. @param updates  oldest first, as state has them
Listing update_listing(const std::string& stack, std::span<const Update> updates, std::string when_empty);

}  // namespace strata::cli
