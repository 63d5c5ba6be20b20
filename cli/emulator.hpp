#pragma once

#include <string>

#include "engine/base/error.hpp"

namespace strata::cli {

class Connections;

/// The id of the emulator's present life; it forgets everything when it restarts. Empty when another server than the
/// emulator answers at `endpoint`.
/// @errors network when nothing answers, with the command that starts it
Result<std::string> emulator_instance(Connections& connections, const std::string& endpoint);

}  // namespace strata::cli
