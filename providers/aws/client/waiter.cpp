#include "providers/aws/client/waiter.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/wire/handover.hpp"
#include "providers/aws/model/path.hpp"

namespace strata::aws {

namespace {

/// The status that an error stands for, where its code does not say it: answers to HEAD have no body.
int status_of(const Result<Value>& answer) {
    if (answer) return 200;
    const auto& error = answer.error();
    int status = 0;
    const auto* const end = error.code.data() + error.code.size();
    if (std::from_chars(error.code.data(), end, status).ptr == end && status > 0) return status;
    switch (error.kind) {
        case ErrorKind::not_found: return 404;
        case ErrorKind::access_denied: return 403;
        case ErrorKind::conflict: return 409;
        default: return 0;
    }
}

/// `expected` is text, or the JSON text of a number or boolean.
bool equals(const Value& value, std::string_view expected) {
    if (const auto* const text = value.string()) return *text == expected;
    return !value.is_null() && to_json(value) == expected;
}

bool fits_error(std::string_view expected, const Result<Value>& answer) {
    if (expected == "true") return !answer;
    if (expected == "false") return answer.ok();
    return !answer && answer.error().code == expected;
}

bool fits(const Acceptor& acceptor, const Result<Value>& answer) {
    using enum Acceptor::Matcher;
    if (acceptor.matcher == status) return std::to_string(status_of(answer)) == acceptor.expected;
    if (acceptor.matcher == error) return fits_error(acceptor.expected, answer);
    if (!answer) return false;

    const auto found = look_up(*answer, acceptor.argument);
    if (acceptor.matcher == path) return equals(found, acceptor.expected);
    const auto* const list = found.list();
    if (list == nullptr || list->empty()) return false;
    const auto fits_one = [&](const Value& value) { return equals(value, acceptor.expected); };
    return acceptor.matcher == path_all ? std::ranges::all_of(*list, fits_one) : std::ranges::any_of(*list, fits_one);
}

WaiterState state_of(Acceptor::State state) {
    switch (state) {
        case Acceptor::State::success: return WaiterState::success;
        case Acceptor::State::failure: return WaiterState::failure;
        case Acceptor::State::retry: return WaiterState::retry;
    }
    return WaiterState::failure;
}

/// One wait under way. Shared, because each question's callback holds it, and std::function must be copyable.
struct Wait {
    Client& client;
    wire::Http& http;
    Clock& clock;
    const Waiter& waiter;
    Call call;
    Milliseconds poll;
    std::chrono::steady_clock::time_point deadline;
    Client::Done done;
    int questions = 0;
};

Error ended_badly(const Wait& wait) {
    return Error{.kind = ErrorKind::service,
                 .summary = "Will not become ready",
                 .cause = fmt::format("{} {}: the answer to {} names a state from which {} is never reached.", wait.call.service->name,
                                      wait.waiter.name, wait.call.operation->name, wait.waiter.name),
                 .remedy = "Look at the resource in the console, or at the service's events, for the reason."};
}

Error out_of_time(const Wait& wait) {
    return Error{.kind = ErrorKind::timeout,
                 .summary = "Not ready in time",
                 .cause = fmt::format("{} {}: asked {} times with {}.", wait.call.service->name, wait.waiter.name, wait.questions,
                                      wait.call.operation->name),
                 .remedy = "Run again to go on waiting, or give the resource a longer timeout."};
}

void ask(const std::shared_ptr<Wait>& wait);

void on_answer(const std::shared_ptr<Wait>& wait, Result<Value> answer) {
    switch (evaluate(wait->waiter, answer)) {
        // A waiter for "gone" is content with an error: there is then no answer to hand over.
        case WaiterState::success: return wait->done(answer ? std::move(answer) : Result<Value>{Value{}});
        case WaiterState::failure: return wait->done(answer ? Result<Value>{ended_badly(*wait)} : std::move(answer));
        case WaiterState::retry: break;
    }
    if (wait->clock.steady() + wait->poll > wait->deadline) return wait->done(out_of_time(*wait));
    wait->http.after(wait->poll, [wait] { ask(wait); });
}

void ask(const std::shared_ptr<Wait>& wait) {
    ++wait->questions;
    wait->client.call(wait->call, [wait](Result<Value> answer) { on_answer(wait, std::move(answer)); });
}

}  // namespace

WaiterState evaluate(const Waiter& waiter, const Result<Value>& answer) {
    const auto found = std::ranges::find_if(waiter.acceptors, [&](const Acceptor& acceptor) { return fits(acceptor, answer); });
    if (found != waiter.acceptors.end()) return state_of(found->state);
    return answer ? WaiterState::retry : WaiterState::failure;
}

void wait_until(Client& client, wire::Http& http, Clock& clock, const Waiter& waiter, Call call, WaitLimits limits, Client::Done done) {
    const Milliseconds own_poll = std::chrono::seconds{waiter.delay_seconds};
    const auto poll = limits.poll.count() > 0 ? limits.poll : own_poll;
    const auto timeout = limits.timeout.count() > 0 ? limits.timeout : own_poll * waiter.max_attempts;
    call.operation = waiter.operation;
    ask(std::make_shared<Wait>(Wait{.client = client,
                                    .http = http,
                                    .clock = clock,
                                    .waiter = waiter,
                                    .call = std::move(call),
                                    .poll = poll,
                                    .deadline = clock.steady() + timeout,
                                    .done = std::move(done)}));
}

Result<Value> wait_until_and_wait(Client& client, wire::Http& http, Clock& clock, const Waiter& waiter, Call call, WaitLimits limits) {
    wire::Handover<Result<Value>> answer;
    wait_until(client, http, clock, waiter, std::move(call), limits, [&](Result<Value> result) { answer.give(std::move(result)); });
    return answer.wait();
}

}  // namespace strata::aws
