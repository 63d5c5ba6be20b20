#pragma once

#include "engine/model/stack.hpp"
#include "stacks/settings.hpp"

namespace stacks {

/// What everything else stands on: network, keys, secrets, identity.
void foundation(strata::Stack& stack, const Settings& settings);

}  // namespace stacks
