#include "cli/render/events_json.hpp"

#include <algorithm>

namespace strata::cli {

namespace {

Value number(std::size_t count) { return static_cast<std::int64_t>(count); }

Value texts(const std::vector<std::string>& items) {
    ValueList out;
    for (const auto& item : items) out.emplace_back(item);
    return out;
}

void put_location(ValueMap& into, const Location& where) {
    if (where.known()) into.set("location", Value::map({{"file", where.file}, {"line", static_cast<std::int64_t>(where.line)}}));
}

std::string facet_label(const ResourceType* type, std::size_t facet) {
    return type == nullptr ? std::string{} : std::string{type->facet_label(facet)};
}

Value error_value(const Error& error) {
    ValueMap out{{"kind", name_of(error.kind)}, {"summary", error.summary}, {"cause", error.cause}, {"remedy", error.remedy}};
    if (!error.code.empty()) out.set("code", error.code);
    put_location(out, error.location);
    return out;
}

Value change_value(const PropertyChange& change) {
    ValueMap out{{"path", change.path}, {"origin", name_of(change.origin)}, {"forces_replacement", change.forces_replacement}};
    if (change.before) out.set("before", shown_value(*change.before));
    if (change.after) out.set("after", shown_value(*change.after));
    put_location(out, change.where);
    return out;
}

Value changes_value(const std::vector<PropertyChange>& changes) {
    ValueList out;
    for (const auto& change : changes) out.push_back(change_value(change));
    return out;
}

bool is_told(const PlannedResource& resource) {
    if (resource.action != PlanAction::keep || !resource.former_address.empty()) return true;
    return std::ranges::any_of(resource.facets, [](const PlannedFacet& facet) {
        return !facet.diff.no_longer_managed.empty() || !facet.diff.assumed_equal.empty();
    });
}

Value resource_value(const PlannedResource& resource) {
    ValueMap out{{"address", resource.address},        {"type", resource.type_name},         {"provider", resource.provider},
                 {"action", name_of(resource.action)}, {"reasons", texts(resource.reasons)}, {"holds_data", resource.holds_data},
                 {"protected", resource.protect},      {"missing", resource.missing},        {"drifted", resource.drifted()}};
    if (!resource.id.empty()) out.set("id", resource.id);
    if (!resource.former_address.empty()) out.set("former_address", resource.former_address);
    if (resource.action == PlanAction::replace) out.set("create_first", resource.create_first);
    if (resource.action == PlanAction::replace) out.set("only_if_changed", resource.replace_if_changed);
    if (resource.unreadable) out.set("error", error_value(*resource.unreadable));
    put_location(out, resource.declared_at);
    ValueList changes;
    ValueList dropped;
    ValueList assumed;
    for (const auto& facet : resource.facets) {
        for (const auto& change : facet.diff.changes) {
            auto told = change_value(change);
            told.map()->set("facet", facet_label(resource.type, facet.facet));
            changes.push_back(std::move(told));
        }
        for (const auto& label : facet.diff.no_longer_managed) dropped.emplace_back(label);
        for (const auto& label : facet.diff.assumed_equal) assumed.emplace_back(label);
    }
    out.set("changes", std::move(changes));
    if (!dropped.empty()) out.set("no_longer_managed", std::move(dropped));
    if (!assumed.empty()) out.set("assumed_equal", std::move(assumed));
    return out;
}

Value counts_value(const Plan::Counts& counts) {
    return Value::map({{"create", number(counts.create)},
                       {"update", number(counts.update)},
                       {"replace", number(counts.replace)},
                       {"delete", number(counts.remove)},
                       {"import", number(counts.adopt)},
                       {"forget", number(counts.forget)},
                       {"keep", number(counts.keep)},
                       {"unreadable", number(counts.unreadable)},
                       {"drifted", number(counts.drifted)},
                       {"data_at_risk", number(counts.data_at_risk)}});
}

std::string_view state_of(Event::Kind kind) {
    switch (kind) {
        case Event::Kind::step_started: return "started";
        case Event::Kind::step_progress: return "progress";
        case Event::Kind::step_finished: return "finished";
        case Event::Kind::step_failed: return "failed";
        case Event::Kind::step_skipped: return "skipped";
        case Event::Kind::pass:
        case Event::Kind::recovered:
        case Event::Kind::draining:
        case Event::Kind::warning: return "";
    }
    return "";
}

Value step_event(const Event& event) {
    ValueMap out{
        {"event", "step"},  {"state", state_of(event.kind)}, {"stack", event.stack}, {"address", event.address}, {"type", event.type},
        {"old", event.old}, {"lets_go", event.lets_go}};
    if (event.step) out.set("action", name_of(*event.step));
    if (!event.facet.empty()) out.set("facet", event.facet);
    if (!event.id.empty()) out.set("id", event.id);
    if (!event.text.empty()) out.set("text", event.text);
    if (event.kind == Event::Kind::step_finished || event.kind == Event::Kind::step_failed) out.set("seconds", event.seconds);
    if (event.error) out.set("error", error_value(*event.error));
    return out;
}

Value draining_event(const Event& event) {
    ValueMap out{{"event", "draining"}, {"stack", event.stack}};
    if (!event.text.empty()) out.set("by", event.text);
    return out;
}

}  // namespace

Value shown_value(const Value& value) {
    if (value.is_secret()) return Value::map({{"$secret", true}});
    if (const auto* unknown = value.unknown()) return Value::map({{"$unknown", unknown->source}});
    if (const auto* bytes = value.bytes()) return Value::map({{"$bytes", number(bytes->data.size())}});
    if (const auto* asset = value.asset()) return Value::map({{"$asset", asset->sha256}});
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(shown_value(item));
        return out;
    }
    if (const auto* members = value.map()) {
        ValueMap out;
        for (const auto& [key, item] : *members) out.set(key, shown_value(item));
        return out;
    }
    return value;
}

Value resources_of(const Plan& plan) {
    ValueList out;
    for (const auto& resource : plan.resources)
        if (is_told(resource)) out.push_back(resource_value(resource));
    return out;
}

Value steps_of(const Plan& plan) {
    ValueList out;
    for (const auto& step : plan.steps) {
        const auto& resource = plan.resources[step.resource];
        ValueList after;
        for (const auto before : step.after) after.push_back(number(before));
        out.push_back(Value::map({{"action", name_of(step.kind)},
                                  {"address", resource.address},
                                  {"facet", facet_label(resource.type, step.facet)},
                                  {"old", step.old},
                                  {"lets_go", !step.lets_go_of.empty()},
                                  {"after", std::move(after)}}));
    }
    return out;
}

Value outputs_of(const Plan& plan) {
    ValueList out;
    for (const auto& output : plan.outputs) {
        if (!output.changed()) continue;
        ValueMap told{{"name", output.name}};
        if (output.before) told.set("before", shown_value(*output.before));
        if (output.after) told.set("after", shown_value(*output.after));
        if (!output.used_by.empty()) told.set("used_by", texts(output.used_by));
        out.emplace_back(std::move(told));
    }
    return out;
}

Value plan_event(const Plan& plan) {
    return Value::map({{"event", "plan"},
                       {"stack", plan.stack},
                       {"environment", plan.environment},
                       {"account", plan.identity.account},
                       {"region", plan.identity.region},
                       {"offline", plan.offline},
                       {"destroy", plan.destroy},
                       {"lineage", plan.lineage},
                       {"serial", static_cast<std::int64_t>(plan.serial)},
                       {"program_hash", plan.program_hash},
                       {"read_live", number(plan.read_live)},
                       {"calls", static_cast<std::int64_t>(plan.calls)},
                       {"seconds", plan.seconds},
                       {"changes", plan.has_changes()},
                       {"counts", counts_value(plan.counts())},
                       {"resources", resources_of(plan)},
                       {"steps", steps_of(plan)},
                       {"outputs", outputs_of(plan)}});
}

Value drift_event(const DriftReport& report) {
    ValueList resources;
    for (const auto& resource : report.resources) {
        ValueMap told{{"address", resource.address},
                      {"type", resource.type_name},
                      {"id", resource.id},
                      {"missing", resource.missing},
                      {"changes", changes_value(resource.changes)},
                      {"unmanaged", changes_value(resource.unmanaged)}};
        if (resource.unreadable) told.set("error", error_value(*resource.unreadable));
        resources.emplace_back(std::move(told));
    }
    return Value::map({{"event", "drift"},
                       {"stack", report.stack},
                       {"environment", report.environment},
                       {"drifted", report.drifted()},
                       {"read_live", number(report.read_live)},
                       {"resources", std::move(resources)}});
}

Value progress_event(const Event& event) {
    switch (event.kind) {
        case Event::Kind::pass: return Value::map({{"event", "pass"}, {"stack", event.stack}, {"text", event.text}});
        case Event::Kind::recovered:
            return Value::map({{"event", "recovered"}, {"stack", event.stack}, {"address", event.address}, {"text", event.text}});
        case Event::Kind::draining: return draining_event(event);
        case Event::Kind::warning: return problem_event(event.error.value_or(Error{}), Severity::warning);
        case Event::Kind::step_started:
        case Event::Kind::step_progress:
        case Event::Kind::step_finished:
        case Event::Kind::step_failed:
        case Event::Kind::step_skipped: return step_event(event);
    }
    return {};
}

Value outcome_event(const StackOutcome& outcome, double seconds) {
    const auto& result = outcome.outcome;
    return Value::map({{"event", "outcome"},
                       {"stack", outcome.stack},
                       {"ok", result.ok()},
                       {"done", number(result.done)},
                       {"failed", number(result.failures.size())},
                       {"skipped", number(result.skipped)},
                       {"interrupted", result.interrupted},
                       {"state_saved", !result.state_error.has_value()},
                       {"seconds", seconds}});
}

Value outputs_event(const std::string& stack, const std::map<std::string, Value, std::less<>>& outputs) {
    ValueMap values;
    for (const auto& [name, value] : outputs) values.set(name, shown_value(value));
    return Value::map({{"event", "outputs"}, {"stack", stack}, {"values", std::move(values)}});
}

Value problem_event(const Error& problem, Severity severity) {
    auto out = error_value(problem);
    out.map()->set("event", "diagnostic");
    out.map()->set("severity", severity == Severity::error ? "error" : "warning");
    return out;
}

}  // namespace strata::cli
