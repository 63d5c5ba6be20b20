#include "engine/deploy/step_queue.hpp"

#include <algorithm>

namespace strata {

StepQueue::StepQueue(const std::vector<PlannedStep>& steps)
    : steps_{steps}, status_(steps.size(), Status::waiting), open_(steps.size()), dependents_(steps.size()), chain_(steps.size()) {
    for (std::size_t s = 0; s < steps.size(); ++s) {
        open_[s] = steps[s].after.size();
        for (const auto before : steps[s].after) dependents_[before].push_back(s);
    }
    measure_chains();
    for (std::size_t s = 0; s < steps.size(); ++s)
        if (open_[s] == 0) ready_.emplace(chain_[s], s);
}

void StepQueue::measure_chains() {
    std::vector<std::size_t> behind(steps_.size());
    std::vector<std::size_t> ends;
    for (std::size_t s = 0; s < steps_.size(); ++s) {
        behind[s] = dependents_[s].size();
        if (behind[s] == 0) ends.push_back(s);
    }
    while (!ends.empty()) {
        const auto s = ends.back();
        ends.pop_back();
        for (const auto before : steps_[s].after) {
            chain_[before] = std::max(chain_[before], chain_[s] + 1);
            if (--behind[before] == 0) ends.push_back(before);
        }
    }
}

std::optional<std::size_t> StepQueue::take() {
    if (ready_.empty()) return std::nullopt;
    const auto step = ready_.top().second;
    ready_.pop();
    status_[step] = Status::started;
    return step;
}

std::vector<StepQueue::Blocked> StepQueue::settle(std::size_t step, Status status) {
    std::vector<Blocked> blocked;
    const auto broken = [this](std::size_t s) { return status_[s] == Status::failed || status_[s] == Status::skipped; };
    const auto release = [&](std::size_t settled) {
        for (const auto next : dependents_[settled]) {
            if (--open_[next] > 0) continue;
            const auto by = std::ranges::find_if(steps_[next].after, broken);
            if (by == steps_[next].after.end()) {
                ready_.emplace(chain_[next], next);
                continue;
            }
            status_[next] = Status::skipped;
            blocked.push_back({.step = next, .by = *by});
        }
    };
    status_[step] = status;
    release(step);
    // Each release may add to what is blocked.
    std::size_t seen = 0;
    while (seen < blocked.size()) release(blocked[seen++].step);
    return blocked;
}

std::vector<std::size_t> StepQueue::waiting() const {
    std::vector<std::size_t> out;
    for (std::size_t s = 0; s < status_.size(); ++s)
        if (status_[s] == Status::waiting) out.push_back(s);
    return out;
}

}  // namespace strata
