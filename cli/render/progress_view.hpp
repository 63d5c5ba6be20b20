#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "cli/render/style.hpp"
#include "engine/deploy/events.hpp"

namespace strata::cli {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What is going on while a plan is made or carried out; made from events alone.
struct ProgressView {
    struct InFlight {
        std::string address;
        std::string facet;
        std::string doing;  ///< "creating"
        std::string text;   ///< the provider's own words; may be empty
        SteadyTime since;
    };
    std::string stack;
    std::size_t total = 0;  ///< steps of the plan
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    bool draining = false;
    std::string planning;  ///< what planning is busy with; empty while steps are carried out
    SteadyTime began;
    std::vector<InFlight> in_flight;  ///< in the order in which they were started
};

/// Takes one event into account.
void apply(ProgressView& view, const Event& event, SteadyTime now);

/// What a terminal shows below the finished lines: a line for each step in flight with its elapsed time, then the counts; of
/// planning one line, once it takes long enough to be read. Never more lines than `rows` allows, never wider than `columns`.
std::vector<std::string> live_lines(const ProgressView& view, SteadyTime now, std::size_t columns, std::size_t rows, const Style& style);

/// What stays on the screen, or in a log, of one event: "  + network/vpc  created  0.3 s"; empty when nothing does.
std::string lasting_line(const Event& event, const Style& style);

/// "still creating network/nat, 30 s": for logs, about a step that takes long.
std::string still_line(const ProgressView::InFlight& step, SteadyTime now);
/// "foundation: still reading 53 resources, 30 s": the same about planning.
std::string still_planning_line(const ProgressView& view, SteadyTime now);

/// "0.3 s", "42 s", "3 min 05 s".
std::string duration_text(double seconds);

}  // namespace strata::cli
