#pragma once

#include <map>
#include <string>

#include "cli/render/problem_text.hpp"
#include "cli/render/reporter.hpp"
#include "engine/base/value.hpp"

namespace strata::cli {

/// The version of the event stream (docs/events.schema.json). Grows when a consumer of the one before would break.
inline constexpr int events_schema = 1;

// Each event as a map, without "schema" and "time"; no secret's value is in any of them.
Value plan_event(const Plan& plan);
Value drift_event(const DriftReport& report);
Value progress_event(const Event& event);
Value outcome_event(const StackOutcome& outcome, double seconds);
Value outputs_event(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs);
Value problem_event(const Error& problem, Severity severity);

/// A value as events and saved plans carry it: a secret is {"$secret": true}, an unknown {"$unknown": "network/vpc.id"},
/// bytes are {"$bytes": length}, an asset is {"$asset": sha256}.
Value shown_value(const Value& value);

/// What happens to the resources of a plan, their steps and outputs, for the plan event and for saved plans.
Value resources_of(const Plan& plan);
Value steps_of(const Plan& plan);
Value outputs_of(const Plan& plan);

}  // namespace strata::cli
