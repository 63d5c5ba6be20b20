#pragma once

#include "engine/model/stack.hpp"
#include "stacks/settings.hpp"

namespace stacks {

/// Puts the tags of the settings on everything that the stack declares and that takes tags. A tag that a resource sets
/// itself stands; one of the provider's `default_tags` gives way to the setting of the same key.
void tag_everything(strata::Stack& stack, const Settings& settings);

}  // namespace stacks
