#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "engine/plan/plan.hpp"

namespace strata {

/// Which steps of a plan may start: those of which every step before them is done, the one with the longest chain of
/// steps behind it first. Knows no provider and no state.
class StepQueue {
public:
    enum class Status : std::uint8_t { waiting, started, done, failed, skipped };

    /// A step that can no longer run, because one before it did not succeed.
    struct Blocked {
        std::size_t step = 0;
        std::size_t by = 0;
    };

    explicit StepQueue(const std::vector<PlannedStep>& steps);

    /// The next step to start; empty while none is ready.
    std::optional<std::size_t> take();
    /// Settles a step as done, failed or skipped.
    /// @return every step that is thereby skipped, those behind skipped ones included, each after what blocks it
    std::vector<Blocked> settle(std::size_t step, Status status);
    /// Steps that were neither started nor settled.
    [[nodiscard]] std::vector<std::size_t> waiting() const;

private:
    void measure_chains();

    const std::vector<PlannedStep>& steps_;
    std::vector<Status> status_;
    std::vector<std::size_t> open_;  ///< steps before it that are not settled
    std::vector<std::vector<std::size_t>> dependents_;
    std::vector<std::size_t> chain_;                                  ///< steps on the longest way to an end
    std::priority_queue<std::pair<std::size_t, std::size_t>> ready_;  ///< (chain, step)
};

}  // namespace strata
