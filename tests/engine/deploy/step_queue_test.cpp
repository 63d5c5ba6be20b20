#include "engine/deploy/step_queue.hpp"

#include <gtest/gtest.h>

namespace strata {
namespace {

using Status = StepQueue::Status;

/// Steps that wait for the given ones, in the order of their indices.
std::vector<PlannedStep> steps(const std::vector<std::vector<std::size_t>>& after) {
    std::vector<PlannedStep> out;
    for (const auto& before : after) out.push_back({.after = before});
    return out;
}

std::vector<std::size_t> take_all(StepQueue& queue) {
    std::vector<std::size_t> out;
    while (const auto step = queue.take()) out.push_back(*step);
    return out;
}

TEST(StepQueue, GivesOutNothingOfAnEmptyPlan) {
    const auto none = steps({});
    StepQueue queue{none};

    EXPECT_EQ(queue.take(), std::nullopt);
    EXPECT_TRUE(queue.waiting().empty());
}

TEST(StepQueue, StartsTheLongestChainFirst) {
    const auto plan = steps({{}, {}, {1}, {2}, {0}});
    StepQueue queue{plan};

    EXPECT_EQ(take_all(queue), (std::vector<std::size_t>{1, 0}));
}

TEST(StepQueue, HoldsAStepBackUntilAllBeforeItAreDone) {
    const auto plan = steps({{}, {}, {0, 1}});
    StepQueue queue{plan};
    take_all(queue);

    EXPECT_TRUE(queue.settle(0, Status::done).empty());
    EXPECT_EQ(queue.take(), std::nullopt);
    EXPECT_TRUE(queue.settle(1, Status::done).empty());
    EXPECT_EQ(queue.take(), 2U);
}

TEST(StepQueue, SkipsWhatNeedsAFailedStepAndWhatNeedsThatAndGoesOnWithTheRest) {
    const auto plan = steps({{}, {0}, {1}, {}, {3}});
    StepQueue queue{plan};
    take_all(queue);

    const auto blocked = queue.settle(0, Status::failed);

    ASSERT_EQ(blocked.size(), 2U);
    EXPECT_EQ(blocked[0].step, 1U);
    EXPECT_EQ(blocked[0].by, 0U);
    EXPECT_EQ(blocked[1].step, 2U);
    EXPECT_EQ(blocked[1].by, 1U);
    queue.settle(3, Status::done);
    EXPECT_EQ(queue.take(), 4U);
}

TEST(StepQueue, SkipsAStepOnlyOnceEverythingBeforeItIsSettled) {
    const auto plan = steps({{}, {}, {0, 1}});
    StepQueue queue{plan};
    take_all(queue);

    EXPECT_TRUE(queue.settle(0, Status::failed).empty());
    EXPECT_EQ(queue.settle(1, Status::done).size(), 1U);
}

TEST(StepQueue, KnowsWhatWasNeverStarted) {
    const auto plan = steps({{}, {0}, {}});
    StepQueue queue{plan};
    queue.take();

    EXPECT_EQ(queue.waiting(), (std::vector<std::size_t>{1, 2}));
}

}  // namespace
}  // namespace strata
