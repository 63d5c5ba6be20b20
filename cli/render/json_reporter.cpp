#include "cli/render/json_reporter.hpp"

#include <mutex>

#include "cli/render/events_json.hpp"
#include "engine/base/json.hpp"

namespace strata::cli {

namespace {

class JsonReporter final : public Reporter {
public:
    JsonReporter(Console& console, Clock& clock) : console_{console}, clock_{clock} {}

    void plan(const Plan& plan, PlanDetail) override {
        write(plan_event(plan));
        for (const auto& warning : plan.warnings) problem(warning, Severity::warning);
    }
    void nothing_to_do(const std::vector<const Plan*>& plans) override {
        for (const auto* plan : plans) this->plan(*plan, PlanDetail::changes);
    }
    void drift(const DriftReport& report, PlanDetail) override { write(drift_event(report)); }
    void event(const Event& event) override { write(progress_event(event)); }
    void steps_begin(const Plan& plan) override {
        write(Value::map({{"event", "begin"}, {"stack", plan.stack}, {"steps", static_cast<std::int64_t>(plan.steps.size())}}));
    }
    void steps_end(const StackOutcome& outcome, double seconds) override { write(outcome_event(outcome, seconds)); }
    void outputs(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs) override {
        write(outputs_event(stack, outputs));
    }
    void problem(const Error& problem, Severity severity) override { write(problem_event(problem, severity)); }
    void note(std::string_view line) override { write(Value::map({{"event", "note"}, {"text", line}})); }
    void listing(const Listing& listing) override {
        for (auto row : listing.rows) {
            row.set("event", listing.event);
            write(shown_value(row));
        }
    }
    void raw(std::string_view text) override { write(Value::map({{"event", "document"}, {"text", text}})); }
    void trace(std::string_view line) override { console_.err(std::string{line} + "\n"); }
    void end(ExitCode code) override { write(Value::map({{"event", "end"}, {"exit_code", static_cast<std::int64_t>(code)}})); }

private:
    void write(Value event) {
        event.map()->set("schema", events_schema);
        event.map()->set("time", iso8601(clock_.now()));
        const std::scoped_lock hold{mutex_};
        console_.out(to_json(event) + "\n");
    }

    Console& console_;
    Clock& clock_;
    std::mutex mutex_;  ///< signals are told of on a thread of their own
};

}  // namespace

std::unique_ptr<Reporter> json_reporter(Console& console, Clock& clock) { return std::make_unique<JsonReporter>(console, clock); }

}  // namespace strata::cli
