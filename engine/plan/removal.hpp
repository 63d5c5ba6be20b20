#pragma once

#include <cstdint>

#include "engine/model/provider.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// Why something that state knows is not wanted any more.
enum class Removal : std::uint8_t {
    undeclared,  ///< the program does not declare it
    destroyed,   ///< the whole stack goes
    forgotten,   ///< the program says forget
    deposed,     ///< a replacement made the new one, and did not come to delete this one
    displaced,   ///< the program declares something of another type under its address
};

/// What becomes of it: deleted, or let go of where that is asked for or nothing is there to delete; left alone, with
/// the error in PlannedResource::unreadable, where it could not be seen or nobody knows how to delete it.
/// @param type   nullptr when this program does not know the type
/// @param found  what was read of it; nullptr when nothing was: it is taken to be there
PlannedResource plan_removal(const ResourceState& known, const ResourceType* type, const ReadResult* found, Removal why);

}  // namespace strata
