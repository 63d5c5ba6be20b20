#pragma once

#include "engine/model/stack.hpp"
#include "tests/crash/every_type/version.hpp"

// One stack for a few types that go together: small, because the rig deploys each a few hundred times. Each has things whose names the
// program gives and things whose names are generated; between them they have every type that the provider knows.
namespace every_type {

// network.cpp
void network(strata::Stack& stack, const Settings& settings);
void groups(strata::Stack& stack, const Settings& settings);
void gateways(strata::Stack& stack, const Settings& settings);
// identity.cpp
void roles(strata::Stack& stack, const Settings& settings);
void people(strata::Stack& stack, const Settings& settings);
void secrets(strata::Stack& stack, const Settings& settings);
// storage.cpp
void objects(strata::Stack& stack, const Settings& settings);
void databases(strata::Stack& stack, const Settings& settings);
void catalog(strata::Stack& stack, const Settings& settings);
// work.cpp
void containers(strata::Stack& stack, const Settings& settings);
void messages(strata::Stack& stack, const Settings& settings);
void watch(strata::Stack& stack, const Settings& settings);

}  // namespace every_type
