#pragma once

#include <string>

#include "engine/model/stack.hpp"

namespace components {

/// Reports a wrong argument of the component at `scope`; the run goes on to find others, and then stops.
/// @param cause  what is wrong, after the component's address: "cidr \"10.0.0.0/40\" is no IPv4 network."
void mistake(const strata::Scope& scope, const std::string& cause, std::string remedy);

/// A mistake for an argument without which nothing can be made.
void require(const strata::Scope& scope, const char* argument, const std::string& value);

}  // namespace components
