#pragma once

#include "engine/base/value.hpp"

namespace strata {

/// What is live, with the secret marks of what was applied in its place: state would keep it in clear without them. Where the two do not
/// fit each other (another kind, a key or item that was not applied) and anything around was secret, all of it becomes so.
Value marked_as(const Value& applied, const Value& live);

}  // namespace strata
