#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/render/plan_text.hpp"
#include "cli/render/problem_text.hpp"
#include "engine/base/value.hpp"
#include "engine/deploy/deployment.hpp"
#include "engine/deploy/drift.hpp"
#include "engine/deploy/events.hpp"
#include "engine/plan/plan.hpp"

namespace strata::cli {

/// One column of a list that a verb shows.
struct Column {
    std::string name;  ///< key in a row, and in the JSON event
    std::string title;
    bool right = false;  ///< numbers
};

/// A list that a verb shows: a table for people, an event for each row in JSON.
struct Listing {
    std::string event;  ///< "resource": name of the rows' JSON events
    std::vector<Column> columns;
    std::vector<ValueMap> rows;
    std::string when_empty;  ///< what people read when there is no row
};

/// How a command tells what it does: as text, as live text on a terminal, or as JSON events.
class Reporter {
public:
    virtual ~Reporter() = default;

    virtual void plan(const Plan& plan, PlanDetail detail) = 0;
    /// Stacks that are as declared: one line for all of them.
    virtual void nothing_to_do(const std::vector<const Plan*>& plans) = 0;
    /// What is live and differs from what was last applied.
    virtual void drift(const DriftReport& report, PlanDetail detail) = 0;
    /// Something happened while planning or carrying out.
    virtual void event(const Event& event) = 0;
    /// Steps of one stack are carried out between these two.
    virtual void steps_begin(const Plan& plan) = 0;
    virtual void steps_end(const StackOutcome& outcome, double seconds) = 0;
    virtual void outputs(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs) = 0;

    virtual void problem(const Error& problem, Severity severity) = 0;
    /// One line for people.
    virtual void note(std::string_view line) = 0;
    virtual void listing(const Listing& listing) = 0;
    /// A document as it stands, for a pipe or file: a graph, a script, a state.
    virtual void raw(std::string_view text) = 0;
    /// A line of the HTTP trace.
    virtual void trace(std::string_view line) = 0;
    /// The last word of a command.
    virtual void end(ExitCode code) = 0;
};

}  // namespace strata::cli
