#pragma once

#include "engine/model/stack.hpp"
#include "stacks/settings.hpp"

namespace stacks {

/// The buckets of the lake's zones, their catalog and their crawler.
void data_lake(strata::Stack& stack, const Settings& settings);

}  // namespace stacks
