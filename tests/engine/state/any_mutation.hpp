#pragma once

#include <rapidcheck.h>

#include "engine/state/mutation.hpp"

namespace strata {

/// Anything that state can hold: every kind of value, odd keys and texts, nested.
rc::Gen<Value> any_value();
/// Any mutation, of few addresses, so that they meet; nothing says that it makes sense.
rc::Gen<Mutation> any_mutation();
/// A mutation after which a sound state is sound.
rc::Gen<Mutation> sound_mutation();

/// Everything in a state as one value, for comparing and for people.
Value plain(const State& state);

}  // namespace strata
