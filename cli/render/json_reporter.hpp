#pragma once

#include <memory>

#include "cli/console.hpp"
#include "cli/render/reporter.hpp"
#include "engine/base/clock.hpp"

namespace strata::cli {

/// Everything on standard output, one JSON object a line (docs/events.schema.json); the HTTP trace on standard error.
std::unique_ptr<Reporter> json_reporter(Console& console, Clock& clock);

}  // namespace strata::cli
