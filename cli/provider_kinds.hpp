#pragma once

#include <vector>

#include "engine/deploy/provider_set.hpp"

namespace strata::cli {

class Connections;

/// The kinds of providers that every program has. Nothing is started before an instance is used.
std::vector<ProviderKind> provider_kinds(Connections& connections);

}  // namespace strata::cli
