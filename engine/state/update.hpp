#pragma once

#include <cstdint>
#include <string>

#include "engine/base/value.hpp"

namespace strata {

/// One run that changed a stack, or set out to.
struct Update {
    std::uint64_t number = 0;  ///< 1, 2, ... in the life of a state; what `rollback` and `state restore` take
    std::string run;           ///< id of the run
    std::string verb;          ///< "up", "state mv"
    std::string user;          ///< "anna@laptop"
    std::string began;         ///< ISO 8601, UTC
    std::string result;        ///< "succeeded", "failed", "interrupted"; "" as long as no end was noted: running, or killed
    double seconds = 0;
    ValueMap counts;           ///< "created", "updated", "replaced", "deleted", "failed" -> number; only such as are not 0
    std::uint64_t before = 0;  ///< serial of the state that it found
    std::uint64_t serial = 0;  ///< of the state that it left; 0 as long as no end was noted
};

}  // namespace strata
