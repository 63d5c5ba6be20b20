#include "providers/aws/client/gate.hpp"

#include <algorithm>

namespace strata::aws {

void Gate::enter(std::function<void()> go, Time deadline) {
    {
        const std::lock_guard lock{mutex_};
        waiting_.push_back({.go = std::move(go), .deadline = deadline});
    }
    while (const auto next = next_or_timer()) next();
}

/// The first in line when it may go; else a timer is set for it, unless one runs already.
std::function<void()> Gate::next_or_timer() {
    const std::lock_guard lock{mutex_};
    if (waiting_.empty() || timer_set_) return {};
    const auto now = clock_.steady();
    const auto left = std::chrono::ceil<Milliseconds>(waiting_.front().deadline - now);
    // Who is late, or is sent nowhere, needs no token.
    if (left.count() <= 0 || http_.stopped()) return take_first();
    const auto wait = rate_.take(now);
    if (wait.count() == 0) return take_first();

    timer_set_ = true;
    http_.after(std::min(wait, left), [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        {
            const std::lock_guard again{self->mutex_};
            self->timer_set_ = false;
        }
        while (const auto next = self->next_or_timer()) next();
    });
    return {};
}

/// With mutex_ held.
std::function<void()> Gate::take_first() {
    auto first = std::move(waiting_.front().go);
    waiting_.pop_front();
    return first;
}

void Gate::on_success(bool first_attempt) {
    const std::lock_guard lock{mutex_};
    rate_.on_success(clock_.steady());
    if (first_attempt) budget_.on_success();
}

void Gate::on_throttle() {
    const std::lock_guard lock{mutex_};
    rate_.on_throttle(clock_.steady());
}

Milliseconds Gate::pay_for_retry() {
    const std::lock_guard lock{mutex_};
    return budget_.spend(clock_.steady());
}

std::shared_ptr<Gate> Gates::gate(const std::string& name, std::optional<wire::Rate> published) {
    const std::lock_guard lock{mutex_};
    auto& gate = gates_[name];
    if (!gate) gate = std::make_shared<Gate>(published, http_, clock_);
    return gate;
}

}  // namespace strata::aws
