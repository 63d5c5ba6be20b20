#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/resource/step_runner.hpp"

// The waiting half of StepRunner: until usable, until gone, until an error goes away by itself.

namespace strata::aws {

namespace {

/// Services answer "not found" for some seconds after a successful create; until then it means "not yet".
constexpr std::int64_t young_ms = 60'000;
constexpr Milliseconds retry_after{1'000};

}  // namespace

Reader::Seen StepRunner::look() {
    ReadItem item{
        .type = step_.type, .address = step_.address, .id = at_.id, .properties = step_.properties, .outputs = step_.outputs, .facets = {}};
    for (const auto& [name, value] : step_.desired) item.properties.set(name, value);
    item.facets.resize(step_.type->facets.size(), false);
    if (step_.facet < item.facets.size()) item.facets[step_.facet] = true;
    Reader reader{client_, identity_};
    return std::move(reader.read(std::span{&item, 1}, ReadDepth::direct).front());
}

Result<Progress> StepRunner::settle() {
    const auto seen = look();
    if (const auto* unreadable = std::get_if<Unreadable>(&seen.result)) return after_failure(unreadable->why);
    if (!seen.failure.empty())
        return Error{.kind = ErrorKind::service,
                     .summary = "It did not become usable",
                     .cause = fmt::format("{}: {} {} ended as {}.", step_.address, step_.type->name, at_.id, seen.failure),
                     .remedy = "Look at the service's events, then run `strata up` again."};
    const auto* live = std::get_if<Live>(&seen.result);
    if (live != nullptr && seen.usable) return finish(live);
    if (live == nullptr && now_ms() - at_.started_ms > young_ms) return too_long("not seen after it was made");
    if (now_ms() - at_.started_ms > time_limit().count()) return too_long("not usable yet");
    return again(live == nullptr ? retry_after : Milliseconds{detail_.interval_ms},
                 step_.action == StepAction::create ? "being made" : "being changed");
}

Result<Progress> StepRunner::settle_removal() {
    if (!detail_.waits_until_gone) return finish(nullptr);
    const auto seen = look();
    if (std::holds_alternative<Absent>(seen.result)) return finish(nullptr);
    if (const auto* unreadable = std::get_if<Unreadable>(&seen.result)) return after_failure(unreadable->why);
    if (now_ms() - at_.started_ms > time_limit().count()) return too_long("still there");
    return again(Milliseconds{detail_.interval_ms}, "being deleted");
}

/// What tells of a value that no read answers is known only when it was put.
Result<Progress> StepRunner::finish_facet() {
    const bool witnessed = std::ranges::any_of(step_.desired, [&](const auto& entry) {
        const auto* property = step_.type->property(entry.first);
        return property != nullptr && !property->witness.empty();
    });
    if (!witnessed || step_.action == StepAction::remove) return finish(nullptr);
    const auto seen = look();
    return finish(std::get_if<Live>(&seen.result));
}

Result<Progress> StepRunner::finish(const Live* live) {
    Progress done{.done = true, .cursor = cursor(), .again_in = Milliseconds{0}, .text = {}, .id = at_.id, .outputs = {}};
    if (live != nullptr) done.outputs = live->outputs;
    return done;
}

Progress StepRunner::again(Milliseconds in, std::string text) {
    return {.done = false, .cursor = cursor(), .again_in = in, .text = std::move(text), .id = at_.id, .outputs = {}};
}

const RetryRule* StepRunner::rule_for(const Error& error) const {
    for (const auto& rule : detail_.retries)
        if (matches_glob(rule.code, error.code) && (rule.message.empty() || matches_glob(rule.message, error.cause))) return &rule;
    return nullptr;
}

/// A thing that was made a moment ago, and that another part of the service does not see yet.
bool StepRunner::is_young(const Error& error) const {
    const bool own = step_.action == StepAction::create && (at_.next > 0 || step_.facet != 0);
    return own && error.kind == ErrorKind::not_found;
}

/// With what a person can do about it, where the type knows.
Error StepRunner::explained(Error error) const {
    for (const auto& rule : detail_.errors) {
        if (!matches_glob(rule.code, error.code) || (!rule.message.empty() && !matches_glob(rule.message, error.cause))) continue;
        if (const auto remedy = evaluate(rule.remedy, context_of(nullptr))) error.remedy = attribute_text(*remedy);
        break;
    }
    return error;
}

/// Services refuse to delete what is being forgotten already (a secret "marked deleted"): then a former delete was carried out.
bool StepRunner::is_removed_already(const Error& error) {
    const bool refused = error.kind == ErrorKind::service || error.kind == ErrorKind::conflict;
    if (step_.action != StepAction::remove || step_.facet != 0 || !refused) return false;
    return std::holds_alternative<Absent>(look().result);
}

/// An error that goes away by itself leads to another try; every other one ends the step.
Result<Progress> StepRunner::after_failure(Error error) {
    const auto* rule = rule_for(error);
    if (rule == nullptr && is_removed_already(error)) return finish(nullptr);
    if (rule == nullptr && !is_young(error)) return explained(std::move(error));
    const auto now = now_ms();
    if (at_.retrying_since_ms == 0) at_.retrying_since_ms = now;
    const auto limit = rule != nullptr ? std::int64_t{rule->seconds} * 1000 : young_ms;
    if (now - at_.retrying_since_ms > limit) return explained(std::move(error));
    const auto reason =
        rule != nullptr && !rule->waiting_for.empty() ? std::string{rule->waiting_for} : std::string{"the service to be ready"};
    return again(retry_after, fmt::format("waiting for {}", reason));
}

Milliseconds StepRunner::time_limit() const {
    if (step_.timeout.count() > 0) return step_.timeout;
    const auto minutes = step_.action == StepAction::create   ? detail_.create_minutes
                         : step_.action == StepAction::update ? detail_.update_minutes
                                                              : detail_.remove_minutes;
    return Milliseconds{std::int64_t{minutes} * 60'000};
}

Error StepRunner::too_long(std::string_view state) const {
    return {.kind = ErrorKind::timeout,
            .summary = "A change took too long",
            .cause = fmt::format("{}: {} {} is {} after {} minutes.", step_.address, step_.type->name, at_.id, state,
                                 time_limit().count() / 60'000),
            .remedy = "Raise it with the option `timeouts`, or run `strata up` again: it goes on from what is there."};
}

}  // namespace strata::aws
