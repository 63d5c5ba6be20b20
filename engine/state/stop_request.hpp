#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/state/object_store.hpp"

namespace strata {

/// Asks the run that holds a lock to stop. It is an object beside the lock, because the lock is written by its holder only.
struct StopRequest {
    std::string run;   ///< id of the run that is asked; every other one ignores it
    std::string by;    ///< "ada@laptop"
    std::string at;    ///< ISO 8601
    bool now = false;  ///< without waiting for what is in flight
};

/// What lies beside the lock of that name; empty when nothing does, or nothing that can be understood.
Result<std::optional<StopRequest>> read_stop_request(ObjectStore& objects, std::string_view lock_name);
/// Puts a request beside the lock, in place of one to another run. What was asked for already is not taken back: `now` stays.
Status ask_to_stop(ObjectStore& objects, std::string_view lock_name, const StopRequest& request);
Status remove_stop_request(ObjectStore& objects, std::string_view lock_name);

}  // namespace strata
