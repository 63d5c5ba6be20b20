#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/schema.hpp"
#include "engine/model/stack.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What a rollback needs to know beside the state that it goes back to.
struct FormerProgramInput {
    State before;
    std::function<const ResourceType*(std::string_view name)> find_type;
    /// The program as it is now: the provider instances that it makes are needed to go back too.
    std::function<void(Stack&)> present;
};

/// A program that declares what a state of before holds, so that an ordinary plan brings it about. Ids and ARNs of other resources in
/// its properties become references to them: what was replaced since is used under its new id. Values of which only a
/// hash is kept are left as they are.
/// @errors of unknown types go to the graph's diagnostics
std::function<void(Stack&)> former_program(FormerProgramInput input);

/// What a plan that goes back to `before` cannot bring back, one sentence each: data of what is made anew, values that
/// are not kept.
std::vector<std::string> beyond_recall(const Plan& plan, const State& before);

}  // namespace strata
