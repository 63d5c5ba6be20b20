#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.hpp"

namespace strata {

/// What one intended change is called wherever it leaves a trace: in the journal, in the call (where the service takes such a token) and in
/// a tag of what it made. 32 lower-case hex characters, which fit every service's limit: the first 8 are the second in which it was made,
/// so that whatever carries the token tells its age; the others are random.
std::string operation_token(WallTime now);

/// How long ago it was made; empty for what is no such token, and for one out of the future.
std::optional<Milliseconds> age_of(std::string_view token, WallTime now);

}  // namespace strata
