#include "providers/aws/resource/step_runner.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/model/registry.hpp"
#include "providers/aws/resource/form.hpp"
#include "providers/aws/resource/tags.hpp"

namespace strata::aws {

namespace {

using Purpose = PlannedCall::Purpose;

bool is_gone(const Error& error) { return error.kind == ErrorKind::not_found; }

/// Some calls on lists answer 200 and say inside what was refused (EC2: `Unsuccessful`).
std::optional<Error> refusal_in(const Value& answer, const Step& step) {
    const auto* list = answer.find("Unsuccessful");
    if (list == nullptr || list->list() == nullptr || list->list()->empty()) return std::nullopt;
    const auto* error = list->list()->front().find("Error");
    const auto text = [&](std::string_view name) {
        const auto* found = error != nullptr ? error->find(name) : nullptr;
        return std::string{found != nullptr ? found->text_or("") : ""};
    };
    const auto code = text("Code");
    return Error{.kind = code.ends_with("NotFound") ? ErrorKind::not_found : ErrorKind::service,
                 .summary = "The service refused the call",
                 .cause = fmt::format("{}: {}: {}", step.address, code, text("Message")),
                 .remedy = "",
                 .code = code};
}

bool is_among(std::span<const std::string_view> words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

}  // namespace

StepRunner::StepRunner(Client& client, Clock& clock, const ProviderIdentity& identity, const Step& step)
    : client_{client}, clock_{clock}, identity_{identity}, step_{step}, detail_{detail_of(*step.type)} {
    at_.id = step.id;
    read_present_items();
    calls_ = plan_calls(step_);
}

/// A new thing may have items of its own (a security group's rule that lets everything out): what is there counts as before.
void StepRunner::read_present_items() {
    if (step_.facet == 0 || step_.action != StepAction::create || !detail_.facets[step_.facet].preset) return;
    const auto seen = look();
    const auto* live = std::get_if<Live>(&seen.result);
    const auto* present = live != nullptr ? live->properties.find(detail_.facets[step_.facet].property) : nullptr;
    if (present != nullptr) step_.previous.set(detail_.facets[step_.facet].property, *present);
}

std::int64_t StepRunner::now_ms() { return clock_.now().time_since_epoch().count(); }

StepRunner::Position StepRunner::read_cursor(const Value& cursor) {
    const auto number = [&](std::string_view name) { return cursor.find(name) != nullptr ? cursor.find(name)->integer_or(0) : 0; };
    return {.next = static_cast<std::size_t>(number("next")),
            .settling = number("settling") != 0,
            .id = std::string{cursor.find("id") != nullptr ? cursor.find("id")->text_or("") : ""},
            .started_ms = number("started"),
            .retrying_since_ms = number("retrying")};
}

Value StepRunner::cursor() const {
    return Value::map({{"next", Value{static_cast<std::int64_t>(at_.next)}},
                       {"settling", Value{at_.settling ? 1 : 0}},
                       {"id", Value{at_.id}},
                       {"started", Value{at_.started_ms}},
                       {"retrying", Value{at_.retrying_since_ms}}});
}

Result<Progress> StepRunner::begin() {
    at_.started_ms = now_ms();
    at_.settling = step_.settle_first;
    if (step_.action == StepAction::remove && step_.facet == 0 && detail_.hooks.before_delete != nullptr) {
        const auto cleared = detail_.hooks.before_delete(*this, step_);
        if (!cleared) return cleared.error();
    }
    return run();
}

Result<Progress> StepRunner::poll(const Value& cursor) {
    at_ = read_cursor(cursor);
    if (at_.id.empty()) at_.id = step_.id;
    // Calls of such a step are planned from what is there now: none that is done comes again.
    if (step_.facet != 0 && detail_.facets[step_.facet].preset) at_.next = 0;
    return run();
}

Result<Progress> StepRunner::run() {
    if (at_.settling && at_.next < calls_.size()) {
        const auto seen = look();
        if (!seen.usable) return again(Milliseconds{detail_.interval_ms}, "waiting until it can be changed");
        at_.settling = false;
    }
    while (at_.next < calls_.size()) {
        const auto& call = calls_[at_.next];
        const bool made_before = !at_.id.empty() && call.purpose == Purpose::create && step_.id.empty() && detail_.id.parts.empty();
        if (!made_before) {
            const auto sent = send(call);
            if (!sent) return after_failure(sent.error());
        }
        at_.retrying_since_ms = 0;
        ++at_.next;
        if (call.purpose == Purpose::create) return again(Milliseconds{0}, "made");
        if (call.use->settle) {
            at_.settling = true;
            return again(Milliseconds{detail_.interval_ms}, "being changed");
        }
    }
    if (step_.facet != 0) return finish_facet();
    return step_.action == StepAction::remove ? settle_removal() : settle();
}

Context StepRunner::context_of(const PlannedCall* call) const {
    Context context{.type = step_.type,
                    .identity = &identity_,
                    .id = at_.id,
                    .wanted = &step_.desired,
                    .properties = &step_.properties,
                    .previous = &step_.previous,
                    .applied = &step_.applied,
                    .outputs = &step_.outputs,
                    .token = step_.token};
    if (call == nullptr) return context;
    if (call->item) context.item = &*call->item;
    if (call->value) context.value = &*call->value;
    context.items = &call->items;
    context.key = call->key;
    context.tags = &call->tags;
    context.tag_keys = &call->tags;
    context.changed = call->changed;
    return context;
}

Status StepRunner::send(const PlannedCall& call) {
    if (!holds(call.use->when, context_of(&call))) return {};
    if (call.use->each != nullptr) return send_each(call);
    return send_one(call, nullptr);
}

Status StepRunner::send_each(const PlannedCall& call) {
    const auto& source = *call.use->each;
    const auto answer = pages(source.service, source.operation, request_of(source.in, context_of(&call)));
    if (!answer) return is_gone(answer.error()) || is_among(source.absent, answer.error().code) ? Status{} : Status{answer.error()};
    std::deque<Value> store;
    const auto* found = locate(*answer, source.out, store);
    if (found == nullptr) return {};
    if (found->list() == nullptr) return send_one(call, found);
    const auto wanted = source.match != nullptr ? evaluate(*source.match, context_of(&call)) : std::nullopt;
    for (const auto& item : *found->list()) {
        const auto* key = locate(item, source.key, store);
        if (wanted && (key == nullptr || attribute_text(*key) != attribute_text(*wanted))) continue;
        if (const auto sent = send_one(call, &item); !sent) return sent;
    }
    return {};
}

/// For services that take all tags at once: what is there, with the call's change made.
Result<ValueMap> StepRunner::whole_tags(const PlannedCall& call) {
    const auto& source = *detail_.tags.read;
    const auto answer = pages(source.service, source.operation, request_of(source.in, context_of(&call)));
    ValueMap tags;
    if (answer) {
        std::deque<Value> store;
        if (const auto* found = locate(*answer, source.out, store)) tags = decode_tags(*found);
    } else if (!is_gone(answer.error()) && !is_among(source.absent, answer.error().code)) {
        return answer.error();
    }
    for (const auto& [key, value] : call.tags) {
        if (call.purpose == Purpose::untag) tags.erase(key);
        else tags.set(key, value);
    }
    return tags;
}

Status StepRunner::send_one(const PlannedCall& call, const Value* item) {
    auto context = context_of(&call);
    if (item != nullptr) context.item = item;
    ValueMap all;
    if (detail_.tags.replaces_all && (call.purpose == Purpose::tag || call.purpose == Purpose::untag)) {
        auto tags = whole_tags(call);
        if (!tags) return tags.error();
        all = std::move(tags).value();
        context.tags = &all;
        context.tags_are_all = true;
    }
    return call_with(*call.use, request_of(call.use->in, context), call.purpose == Purpose::create);
}

Status StepRunner::call_with(const OperationUse& use, ValueMap params, bool is_create) {
    if (detail_.hooks.prepare != nullptr)
        if (auto prepared = detail_.hooks.prepare(*this, use.operation, step_, params); !prepared || params.empty()) return prepared;
    auto answer = (*this)(use.service, use.operation, std::move(params));
    if (auto refused = answer ? refusal_in(*answer, step_) : std::nullopt) answer = std::move(*refused);
    if (answer) return is_create ? take_id(*answer) : Status{};
    if (is_among(use.ignore, answer.error().code)) return {};
    if (step_.action == StepAction::remove && is_gone(answer.error())) return {};
    return answer.error();
}

Status StepRunner::take_id(const Value& answer) {
    const auto& spec = detail_.id;
    if (!spec.answer.empty()) {
        std::deque<Value> store;
        const auto* found = locate(answer, spec.answer, store);
        if (found == nullptr)
            return Error{
                .kind = ErrorKind::protocol,
                .summary = "The answer names no id",
                .cause = fmt::format("{}: the answer of {} has nothing at {}.", step_.address, detail_.create.operation, spec.answer),
                .remedy = ""};
        at_.id = attribute_text(*found);
        return {};
    }
    auto context = context_of(nullptr);
    context.id = {};
    if (spec.parts.empty()) {
        const auto fixed = spec.planned != nullptr ? evaluate(*spec.planned, context) : std::nullopt;
        at_.id = fixed ? attribute_text(*fixed) : std::string{};
        return {};
    }
    std::vector<std::string> parts;
    for (const auto part : spec.parts)
        if (const auto value = wanted_property(part, context)) parts.push_back(attribute_text(*value));
    at_.id = join(parts, spec.separator);
    return {};
}

Result<Value> StepRunner::operator()(std::string_view service_name, std::string_view operation_name, ValueMap params) {
    const auto* service = find_service(service_name);
    const auto* operation = service != nullptr ? service->operation(operation_name) : nullptr;
    if (operation == nullptr)
        return Error{.kind = ErrorKind::internal,
                     .summary = "Unknown operation",
                     .cause = fmt::format("{} {}", service_name, operation_name),
                     .remedy = ""};
    return client_.call_and_wait({.service = service, .operation = operation, .params = Value{std::move(params)}, .token = step_.token});
}

Result<Value> StepRunner::pages(std::string_view service_name, std::string_view operation_name, ValueMap params) {
    const auto* service = find_service(service_name);
    const auto* operation = service != nullptr ? service->operation(operation_name) : nullptr;
    if (operation == nullptr || operation->paginator == nullptr) return (*this)(service_name, operation_name, std::move(params));
    return client_.call_all_pages_and_wait({.service = service, .operation = operation, .params = Value{std::move(params)}});
}

}  // namespace strata::aws
