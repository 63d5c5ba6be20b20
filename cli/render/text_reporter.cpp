#include "cli/render/text_reporter.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "cli/render/drift_text.hpp"
#include "cli/render/progress_display.hpp"
#include "cli/render/value_text.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

class TextReporter final : public Reporter {
public:
    TextReporter(Console& console, Clock& clock, Style style) : console_{console}, clock_{clock}, style_{style} {}

    void plan(const Plan& plan, PlanDetail detail) override {
        planning_ends();
        console_.out(plan_text(plan, detail, style_));
        for (const auto& warning : plan.warnings) problem(warning, Severity::warning);
    }

    void nothing_to_do(const std::vector<const Plan*>& plans) override {
        planning_ends();
        console_.out(nothing_to_do_text(plans));
        for (const auto* plan : plans)
            for (const auto& warning : plan->warnings) problem(warning, Severity::warning);
    }

    void drift(const DriftReport& report, PlanDetail detail) override { raw(drift_text(report, detail, style_)); }

    void event(const Event& event) override {
        const std::scoped_lock hold{mutex_};
        if (event.kind == Event::Kind::pass && !display_) {
            display_.emplace(console_, clock_, style_, event.stack, 0);
            is_planning_ = true;
        }
        if (display_) return display_->event(event);
        const auto line = lasting_line(event, style_);
        if (!line.empty()) console_.out(line);
    }

    void steps_begin(const Plan& plan) override {
        planning_ends();
        const std::scoped_lock hold{mutex_};
        if (plan.steps.empty()) return;
        console_.out("\n");
        display_.emplace(console_, clock_, style_, plan.stack, plan.steps.size());
    }

    void steps_end(const StackOutcome& outcome, double seconds) override {
        const std::scoped_lock hold{mutex_};
        display_.reset();
        after_steps_ = true;
        console_.out(outcome_text(outcome, seconds, style_));
    }

    void outputs(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs) override {
        if (!outputs.empty()) raw((after_steps_ ? "\n" : "") + outputs_text(stack, outputs));
    }

    void problem(const Error& problem, Severity severity) override { above(problem_text(problem, severity, style_)); }
    void note(std::string_view line) override { raw(fmt::format("{}\n", line)); }
    void listing(const Listing& listing) override { raw(listing_text(listing, style_)); }
    void raw(std::string_view text) override {
        planning_ends();
        console_.out(text);
    }
    void trace(std::string_view line) override { above(fmt::format("{}\n", line)); }
    /// A terminal gets its cursor back, also when the process ends in the middle of the steps.
    void end(ExitCode) override {
        const std::scoped_lock hold{mutex_};
        display_.reset();
    }

private:
    /// What is written next stands where planning told what it is busy with.
    void planning_ends() {
        const std::scoped_lock hold{mutex_};
        if (is_planning_) display_.reset();
        is_planning_ = false;
    }

    void above(std::string_view text) {
        const std::scoped_lock hold{mutex_};
        if (display_) display_->write_above(text);
        else console_.err(text);
    }

    Console& console_;
    Clock& clock_;
    Style style_;
    std::mutex mutex_;  ///< guards display_: the HTTP trace comes from other threads
    std::optional<ProgressDisplay> display_;
    bool is_planning_ = false;  ///< display_ is of planning
    bool after_steps_ = false;  ///< outputs stand apart from the lines of the steps
};

std::string cell_text(const ValueMap& row, const std::string& name) {
    const auto* value = row.find(name);
    if (value == nullptr || value->is_null()) return {};
    if (const auto* text = value->string()) return harmless(*text);
    return value_text(*value);
}

}  // namespace

std::unique_ptr<Reporter> text_reporter(Console& console, Clock& clock, Style style) {
    return std::make_unique<TextReporter>(console, clock, style);
}

std::string listing_text(const Listing& listing, const Style& style) {
    if (listing.rows.empty()) return listing.when_empty + "\n";
    std::vector<std::size_t> widths;
    for (const auto& column : listing.columns) {
        std::size_t width = columns_of(column.title);
        for (const auto& row : listing.rows) width = std::max(width, columns_of(cell_text(row, column.name)));
        widths.push_back(width);
    }
    const auto line = [&](const auto& cell_of) {
        std::string out;
        for (std::size_t i = 0; i < listing.columns.size(); ++i) {
            const std::string cell = cell_of(listing.columns[i]);
            if (i > 0) out += "  ";
            if (listing.columns[i].right) out += std::string(widths[i] - std::min(widths[i], columns_of(cell)), ' ') + cell;
            else out += i + 1 == listing.columns.size() ? cell : padded(cell, widths[i]);
        }
        return std::string{out.substr(0, out.find_last_not_of(' ') + 1)};
    };
    auto out = style.paint(Colour::bold, line([](const Column& column) { return column.title; })) + "\n";
    for (const auto& row : listing.rows) out += line([&](const Column& column) { return cell_text(row, column.name); }) + "\n";
    return out;
}

std::string outcome_text(const StackOutcome& outcome, double seconds, const Style& style) {
    const auto& result = outcome.outcome;
    if (result.ok() && result.done == 0) return {};
    auto out = fmt::format("{}: {} done", outcome.stack, result.done);
    if (!result.failures.empty()) out += ", " + style.paint(Colour::red, fmt::format("{} failed", result.failures.size()));
    if (result.skipped > 0) out += fmt::format(", {} not begun", result.skipped);
    return out + fmt::format(" in {}{}\n", duration_text(seconds), result.interrupted ? ", interrupted" : "");
}

std::string outputs_text(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs) {
    std::size_t width = 0;
    for (const auto& [name, value] : outputs) width = std::max(width, columns_of(name));
    auto out = fmt::format("outputs of {}\n", stack);
    for (const auto& [name, value] : outputs) out += fmt::format("  {} = {}\n", padded(name, width), value_text(value));
    return out;
}

std::string nothing_to_do_text(const std::vector<const Plan*>& plans) {
    std::vector<std::string> names;
    std::size_t resources = 0;
    std::uint64_t calls = 0;
    double seconds = 0;
    bool offline = false;
    for (const auto* plan : plans) {
        names.push_back(plan->stack);
        resources += plan->resources.size();
        calls += plan->calls;
        seconds += plan->seconds;
        offline |= plan->offline;
    }
    const auto read = offline ? std::string{"from state alone"} : fmt::format("read live in {:.1f} s, {}", seconds, counted(calls, "call"));
    return fmt::format("Nothing to do: {} as the program says ({}, {}).\n", join(names, ", "), counted(resources, "resource"), read);
}

}  // namespace strata::cli
