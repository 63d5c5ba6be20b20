#pragma once

#include <memory>

#include "cli/console.hpp"
#include "cli/render/reporter.hpp"
#include "cli/render/style.hpp"
#include "engine/base/clock.hpp"

namespace strata::cli {

/// For people: plans, progress and lists on standard output, errors and warnings on standard error.
std::unique_ptr<Reporter> text_reporter(Console& console, Clock& clock, Style style);

/// A list as a table with a heading.
std::string listing_text(const Listing& listing, const Style& style);
/// "foundation: 12 done in 3.4 s", then every failure with cause and remedy.
std::string outcome_text(const StackOutcome& outcome, double seconds, const Style& style);
/// "bucket = "logs"", each on its line.
std::string outputs_text(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs);
std::string nothing_to_do_text(const std::vector<const Plan*>& plans);

}  // namespace strata::cli
