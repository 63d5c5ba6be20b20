#include "providers/aws/resource/read_session.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "providers/aws/model/registry.hpp"

namespace strata::aws {

ReadSession::~ReadSession() {
    for (auto& question : questions_) question.handlers.clear();
    run();
}

void ReadSession::ask(std::string_view service, std::string_view operation, ValueMap params, Handler handler) {
    Value request{std::move(params)};
    auto key = fmt::format("{} {} {}", service, operation, to_json(request));
    if (const auto known = by_request_.find(key); known != by_request_.end()) {
        auto* question = known->second;
        question->handlers.push_back(std::move(handler));
        if (question->answered) late_.push_back(question);
        return;
    }
    auto& question = questions_.emplace_back();
    question.handlers.push_back(std::move(handler));
    by_request_.emplace(std::move(key), &question);
    send(question, service, operation, std::move(request));
}

void ReadSession::send(Question& question, std::string_view service_name, std::string_view operation_name, Value params) {
    ++under_way_;
    const auto done = [this, &question](Result<Value> answer) {
        // Notified under the lock: once run() has seen the last answer, this object may be gone.
        const std::lock_guard lock{mutex_};
        completed_.emplace_back(&question, std::move(answer));
        arrived_.notify_one();
    };
    const auto* service = find_service(service_name);
    const auto* operation = service != nullptr ? service->operation(operation_name) : nullptr;
    if (operation == nullptr)
        return done(Error{.kind = ErrorKind::internal,
                          .summary = "Unknown operation",
                          .cause = fmt::format("{} {}", service_name, operation_name),
                          .remedy = ""});
    Call call{.service = service, .operation = operation, .params = std::move(params)};
    if (operation->paginator != nullptr) client_.call_all_pages(std::move(call), done);
    else client_.call(std::move(call), done);
}

ReadSession::Question* ReadSession::next_answered() {
    if (!late_.empty()) {
        auto* question = late_.back();
        late_.pop_back();
        return question;
    }
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [this] { return !completed_.empty(); });
    auto [question, answer] = std::move(completed_.front());
    completed_.pop_front();
    lock.unlock();
    --under_way_;
    question->answer = std::move(answer);
    question->answered = true;
    return question;
}

void ReadSession::run() {
    while (under_way_ > 0 || !late_.empty()) {
        auto* question = next_answered();
        const auto handlers = std::exchange(question->handlers, {});
        for (const auto& handler : handlers) handler(question->answer);
    }
}

}  // namespace strata::aws
