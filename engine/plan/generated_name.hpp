#pragma once

#include <string>
#include <string_view>

namespace strata {

/// What a name begins with that is generated for a resource: "foundation-network-vpc". Eight random hex digits follow, and
/// the type's rules cut it to their length.
std::string start_of_name(std::string_view stack, std::string_view address);

}  // namespace strata
