#pragma once

#include "engine/model/stack.hpp"
#include "stacks/settings.hpp"

namespace stacks {

/// Where flows run: cluster, worker, Prefect's database, logs and alarms.
void orchestration(strata::Stack& stack, const Settings& settings);

}  // namespace stacks
