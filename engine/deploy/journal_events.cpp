#include "engine/deploy/journal_events.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace strata {

namespace {

using Kind = Mutation::Kind;

std::string text_in(const Value& value, std::string_view key) {
    const auto* found = value.find(key);
    return std::string{found != nullptr ? found->text_or("") : ""};
}

std::size_t number_in(const Value& value, std::string_view key) {
    const auto* found = value.find(key);
    return found != nullptr ? static_cast<std::size_t>(found->integer_or(0)) : 0;
}

bool flag_in(const Value& value, std::string_view key) {
    const auto* found = value.find(key);
    return found != nullptr && found->boolean_or(false);
}

double seconds_between(WallTime from, WallTime to) {
    if (from == WallTime{}) return 0;
    return std::max(std::chrono::duration<double>(to - from).count(), 0.0);
}

StepKind kind_of(const OpenStep& open) {
    if (open.action == "create") return StepKind::create;
    return open.action == "remove" ? StepKind::remove : StepKind::update;
}

ErrorKind error_kind(const std::string& name) {
    for (int k = 0; k <= static_cast<int>(ErrorKind::internal); ++k)
        if (const auto kind = static_cast<ErrorKind>(k); name_of(kind) == name) return kind;
    return ErrorKind::service;
}

Error error_of(const Value& failure) {
    return {.kind = error_kind(text_in(failure, "kind")),
            .summary = text_in(failure, "summary"),
            .cause = text_in(failure, "cause"),
            .remedy = text_in(failure, "remedy"),
            .code = text_in(failure, "code")};
}

}  // namespace

std::vector<Event> JournalEvents::take(const Journaled& segment, WallTime now) {
    at_ = segment.at;
    now_ = now;
    settling_.clear();
    state_.serial = segment.serial;
    for (std::size_t at = 0; at < segment.records.size() && !taken_over_; ++at) {
        read(segment.records, at);
        apply(state_, segment.records[at]);
    }
    return std::exchange(events_, {});
}

void JournalEvents::read(const Records& records, std::size_t at) {
    const auto& mutation = records[at];
    switch (mutation.kind) {
        case Kind::begin: return begin(mutation);
        case Kind::progress: return progress(mutation);
        case Kind::end: return end(records, at);
        case Kind::put_resource:
        case Kind::remove_resource:
        case Kind::remove_deposed: return without_a_call(mutation);
        case Kind::update_begin: return update_begin(mutation);
        case Kind::update_end: return update_end(mutation);
        case Kind::takeover: taken_over_ = true; return;
        case Kind::cursor:
        case Kind::put_facet:
        case Kind::set_outputs:
        case Kind::set_options:
        case Kind::remove_facet:
        case Kind::depose:
        case Kind::rename:
        case Kind::stack_output:
        case Kind::provider:
        case Kind::used_by:
        case Kind::hash_key: return;
    }
}

void JournalEvents::begin(const Mutation& mutation) {
    settling_.clear();
    if (mutation.open) start(*mutation.open, mutation.value);
}

void JournalEvents::start(const OpenStep& open, const Value& marks) {
    Running running{.event = {.stack = state_.stack,
                              .address = open.address,
                              .facet = open.facet,
                              .type = open.type,
                              .id = open.id,
                              .step = kind_of(open),
                              .old = flag_in(marks, "old"),
                              .lets_go = flag_in(marks, "lets_go")},
                    .since = at_};
    auto told = running.event;
    told.kind = Event::Kind::step_started;
    told.seconds = seconds_between(at_, now_);
    events_.push_back(std::move(told));
    running_[open.step] = std::move(running);
}

/// A step of which there is no begin record here was begun by an earlier run, and is gone on with.
void JournalEvents::progress(const Mutation& mutation) {
    settling_.clear();
    if (const auto open = state_.open.find(mutation.key); open != state_.open.end() && !running_.contains(mutation.key))
        start(open->second, {});
    const auto at = running_.find(mutation.key);
    if (at == running_.end()) return;
    auto& running = at->second;
    if (const auto* failure = mutation.value.find("failure")) {
        fail(running, *failure);
        running_.erase(at);
        return;
    }
    if (auto id = text_in(mutation.value, "id"); !id.empty()) running.event.id = std::move(id);
    auto told = running.event;
    told.text = text_in(mutation.value, "text");
    if (!told.text.empty()) emit(std::move(told), Event::Kind::step_progress, at_);
}

void JournalEvents::end(const Records& records, std::size_t at) {
    const auto& mutation = records[at];
    settling_.clear();
    if (const auto open = state_.open.find(mutation.key); open != state_.open.end() && !running_.contains(mutation.key))
        start(open->second, {});
    const auto found = running_.find(mutation.key);
    if (found == running_.end()) return;
    const auto running = std::move(found->second);
    running_.erase(found);
    settling_ = running.event.address;
    if (const auto* failure = mutation.value.find("failure")) return fail(running, *failure);
    auto told = running.event;
    if (told.id.empty()) told.id = made_id(records, at + 1, told.address);
    ++outcome_.outcome.done;
    emit(std::move(told), Event::Kind::step_finished, running.since);
}

/// Of what was taken into state, or let go of, only the effect stands in the journal.
void JournalEvents::without_a_call(const Mutation& mutation) {
    const auto& address = mutation.resource ? mutation.resource->address : mutation.address;
    if (address == settling_) return;
    const auto* known = state_.find(address);
    const bool comes = mutation.kind == Kind::put_resource;
    if (comes == (known != nullptr) && mutation.kind != Kind::remove_deposed) return;
    Event event{.stack = state_.stack, .address = address, .step = comes ? StepKind::adopt : StepKind::forget};
    if (const auto& made = mutation.resource; comes && made) {
        event.type = made->type;
        event.id = made->id;
    } else if (known != nullptr) {
        event.type = known->type;
        event.id = known->id;
    }
    ++outcome_.outcome.done;
    emit(std::move(event), Event::Kind::step_finished, at_);
}

void JournalEvents::update_begin(const Mutation& mutation) { steps_ = number_in(mutation.value, "steps"); }

void JournalEvents::update_end(const Mutation& mutation) {
    auto& outcome = outcome_.outcome;
    outcome.interrupted = text_in(mutation.value, "result") == "interrupted";
    outcome.done = number_in(mutation.value, "done");
    outcome.skipped = number_in(mutation.value, "skipped");
    const auto* seconds = mutation.value.find("seconds");
    seconds_ = seconds != nullptr && seconds->real() != nullptr ? *seconds->real() : 0;
    for (const auto& [step, running] : running_) {
        auto told = running.event;
        told.text = "not seen to its end; the next run finds out and goes on";
        emit(std::move(told), Event::Kind::step_skipped, running.since);
    }
    running_.clear();
    ended_ = true;
}

void JournalEvents::fail(const Running& running, const Value& failure) {
    auto told = running.event;
    told.error = error_of(failure);
    outcome_.outcome.failures.push_back(
        {.address = told.address, .facet = told.facet, .step = told.step.value_or(StepKind::update), .error = *told.error});
    emit(std::move(told), Event::Kind::step_failed, running.since);
}

void JournalEvents::emit(Event event, Event::Kind kind, WallTime since) {
    event.kind = kind;
    event.seconds = seconds_between(since, at_);
    events_.push_back(std::move(event));
}

std::string JournalEvents::made_id(const Records& records, std::size_t at, const std::string& address) const {
    for (; at < records.size() && records[at].kind != Kind::begin && records[at].kind != Kind::end; ++at)
        if (const auto& made = records[at].resource; made && made->address == address) return made->id;
    return {};
}

}  // namespace strata
