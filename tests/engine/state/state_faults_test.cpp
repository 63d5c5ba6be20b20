#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/base/failing_calls.hpp"
#include "tests/engine/base/recorded_disk.hpp"
#include "tests/engine/state/hooked_objects.hpp"
#include "tests/engine/state/life_of_a_stack.hpp"
#include "tests/engine/state/memory_objects.hpp"
#include "tests/engine/state/object_store_contract.hpp"

// Whatever call fails in the life of a stack, and whenever the power goes: state is as it was or as it was to be, whole, and what
// was reported as done is in it.

namespace strata {
namespace {

class StoreInMemory final : public StoreUnderTest {
public:
    std::unique_ptr<ObjectStore> open() override {
        return std::make_unique<HookedObjects>(objects_, [](const StoreCall&) { return CallFate::carried_out; });
    }

private:
    MemoryObjects objects_;
};

std::unique_ptr<StoreUnderTest> store_in_memory() { return std::make_unique<StoreInMemory>(); }

// The store that stands in for disks and buckets here and in other tests promises what they do.
INSTANTIATE_TEST_SUITE_P(Memory, ObjectStoreContract, testing::Values(&store_in_memory));

/// A session answers with these, and never says that something was saved that was not.
bool is_of_an_expected_kind(const Error& error) {
    switch (error.kind) {
        case ErrorKind::state_not_saved:
        case ErrorKind::state_unreadable:
        case ErrorKind::stale_plan:
        case ErrorKind::network:  // of a read: nothing is known, and nothing called damaged
        case ErrorKind::lock_held: return true;
        default: return false;
    }
}

void expect_whole(ObjectStore& objects, const LifeOfAStack& life, const Status& lived, const std::string& when) {
    if (!lived) {
        EXPECT_TRUE(is_of_an_expected_kind(lived.error()))
            << when << ", " << life.next() << ": " << name_of(lived.error().kind) << ", " << lived.error().text();
        EXPECT_EQ(life.known_to_the_session(), life.wanted()) << when << ", " << life.next();
    }
    EXPECT_EQ(LifeOfAStack::fault_in(objects, life.done()), "") << when << ", " << life.next();
}

// --- the store fails ---

struct StoreFault {
    CallFate fate;
    bool for_good;
};

class FailingStore : public testing::TestWithParam<StoreFault> {};

TEST_P(FailingStore, LeavesStateAsItWasOrAsItWasToBeWhicheverCallFails) {
    const auto& [fate, for_good] = GetParam();
    std::size_t nth = 1;
    for (bool reached = true; reached && !HasFailure(); ++nth) {
        MemoryObjects objects;
        std::size_t count = 0;
        HookedObjects failing{objects, [&](const StoreCall&) {
                                  ++count;
                                  return count == nth || (for_good && count > nth) ? fate : CallFate::carried_out;
                              }};
        LifeOfAStack life{failing};
        const auto lived = life.live();
        reached = count >= nth;
        if (!reached) EXPECT_TRUE(lived.ok()) << lived.error().text();
        expect_whole(objects, life, lived, fmt::format("call {} of the store", nth));
    }
    EXPECT_GT(nth, 75U);
}

INSTANTIATE_TEST_SUITE_P(Each, FailingStore,
                         testing::Values(StoreFault{CallFate::fails, false}, StoreFault{CallFate::fails, true},
                                         StoreFault{CallFate::conflicts, false}, StoreFault{CallFate::conflicts, true},
                                         StoreFault{CallFate::answer_lost, false}, StoreFault{CallFate::answer_lost, true}));

// --- the disk fails ---

class StateOnAFailingDisk : public testing::TestWithParam<CallFault> {};

TEST_P(StateOnAFailingDisk, IsAsItWasOrAsItWasToBeWhicheverSystemCallFails) {
    std::size_t nth = 1;
    for (bool reached = true; reached && !HasFailure(); ++nth) {
        const ScratchFolder folder{ScratchFolder::in_memory()};
        RecordedDisk disk{folder.path};
        FailingCalls calls{disk};
        const auto files = files_through(calls);
        const auto objects = folder_objects(folder.path, *files);
        Status lived;
        LifeOfAStack life{*objects};
        calls.fail(nth, GetParam());
        lived = life.live();
        const auto failed = calls.failed();
        reached = !failed.empty();
        if (!reached) EXPECT_TRUE(lived.ok()) << lived.error().text();
        calls.heal();
        expect_whole(*objects, life, lived, fmt::format("system call {} ({})", nth, failed));
    }
    EXPECT_GT(nth, 300U);
}

INSTANTIATE_TEST_SUITE_P(Each, StateOnAFailingDisk,
                         testing::Values(CallFault{.reason = ENOSPC, .how = CallFault::How::cut_short},
                                         CallFault{.reason = ENOSPC, .for_good = true},
                                         CallFault{.reason = EIO, .how = CallFault::How::reported}));

// --- the power goes ---

TEST(StateAfterAPowerCut, HoldsWhatWasReportedAsDoneWheneverThePowerGoes) {
    const ScratchFolder folder{ScratchFolder::in_memory()};
    RecordedDisk disk{folder / "running"};
    std::filesystem::create_directories(folder / "running");
    const auto files = files_through(disk);
    const auto objects = folder_objects(folder / "running", *files);
    LifeOfAStack life{*objects};
    std::vector<std::size_t> done_at;  // the call after which each step was reported as done
    const auto lived = life.live([&] { done_at.push_back(disk.now()); });
    ASSERT_TRUE(lived.ok()) << lived.error().text();

    RecordedDisk after{folder / "restarted"};
    const auto files_after = files_through(after);
    std::set<std::pair<std::size_t, RecordedDisk::Image>> seen;
    for (std::size_t calls = 0; calls <= disk.now() && !HasFailure(); ++calls) {
        const auto done = static_cast<std::size_t>(std::ranges::count_if(done_at, [&](std::size_t at) { return at <= calls; }));
        for (const auto& image : disk.after_power_cut(calls)) {
            if (!seen.emplace(done, image).second) continue;
            RecordedDisk::restore(image, folder / "restarted");
            const auto left = folder_objects(folder / "restarted", *files_after);
            EXPECT_EQ(LifeOfAStack::fault_in(*left, done), "") << "after call " << calls;
        }
    }
    EXPECT_GT(seen.size(), 150U);
}

}  // namespace
}  // namespace strata
