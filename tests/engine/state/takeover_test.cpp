#include <gtest/gtest.h>

#include "tests/engine/state/stored_lake.hpp"

namespace strata {
namespace {

class Takeover : public testing::Test, public StoredLake {
protected:
    /// Every file of the stack, by name, but the lock.
    std::string everything() const {
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder / "lake"})
            if (entry.is_regular_file() && entry.path().filename() != "lock")
                all += entry.path().string() + "\n" + *real_files().read(entry.path()) + "\n";
        return all;
    }
    std::string lock() const { return *real_files().read(file("lock")); }
    void let_the_lease_run_out() { clock.pass(Milliseconds{66'000}); }
    /// Tries everything that a run can write.
    void expect_that_nothing_is_written_by(std::unique_ptr<StateSession> paused) {
        const auto before = everything();
        const auto held = lock();
        EXPECT_EQ(put(*paused, "from-the-past").error().kind, ErrorKind::stale_plan);
        EXPECT_FALSE(paused->finish({}).ok());
        EXPECT_FALSE(paused->save_whole().ok());
        paused.reset();
        EXPECT_EQ(everything(), before);
        EXPECT_EQ(lock(), held);
    }
};

TEST_F(Takeover, APausedHolderCannotWriteOneByte) {
    auto paused = writer("paused");
    ASSERT_TRUE(put(*paused, "a").ok());
    let_the_lease_run_out();
    const auto second = writer("second");
    ASSERT_NE(second, nullptr);
    EXPECT_TRUE(second->state().resources.contains("a"));

    expect_that_nothing_is_written_by(std::move(paused));
    EXPECT_TRUE(put(*second, "b").ok());
}

TEST_F(Takeover, NorCanItWhenItsClockStandsStill) {
    auto paused = writer("paused");
    ASSERT_TRUE(put(*paused, "a").ok());
    HandClock later;
    later.pass(Milliseconds{66'000});
    const auto second = StateSession::open(store, keys, identity, {.lock = run("second"), .clock = &later});
    ASSERT_TRUE(second.ok()) << second.error().text();

    expect_that_nothing_is_written_by(std::move(paused));
}

TEST_F(Takeover, NorAfterTheNextRunsHaveEndedAndFoldedTheirJournals) {
    HandClock later;
    auto paused = writer("paused");
    ASSERT_TRUE(update(*paused, "a").ok());
    ASSERT_TRUE(put(*paused, "b").ok());
    later.pass(Milliseconds{66'000});
    for (int i = 0; i < 30; ++i) {
        const auto next = StateSession::open(store, keys, identity, {.lock = run("next"), .clock = &later});
        ASSERT_TRUE(next.ok()) << next.error().text();
        ASSERT_TRUE(update(**next, "c" + std::to_string(i)).ok());
    }
    expect_that_nothing_is_written_by(std::move(paused));
}

TEST_F(Takeover, NorOnAStackThatHadNoStateYet) {
    HandClock later;
    auto paused = writer("paused");
    later.pass(Milliseconds{66'000});
    {
        const auto next = StateSession::open(store, keys, identity, {.lock = run("next"), .clock = &later});
        ASSERT_TRUE(next.ok()) << next.error().text();
    }
    expect_that_nothing_is_written_by(std::move(paused));
}

TEST_F(Takeover, AHolderThatWritesJustThenIsReadBeforeItIsShutOut) {
    HandClock later;
    auto slow = writer("slow");
    ASSERT_TRUE(put(*slow, "a").ok());
    later.pass(Milliseconds{66'000});
    bool written = false;
    auto request = run("second");
    // Between the look at the journal and the takeover's own segment.
    class Between final : public ObjectStore {
    public:
        Between(ObjectStore& below, std::function<void()> first_write) : below_{below}, first_write_{std::move(first_write)} {}
        std::string location(std::string_view name) const override { return below_.location(name); }
        Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) override { return below_.read(names); }
        Result<std::string> write(const std::string& name, std::string_view content, std::string_view expected) override {
            if (name.find("journal") != std::string::npos && first_write_) std::exchange(first_write_, nullptr)();
            return below_.write(name, content, expected);
        }
        Status copy(const std::string& from, const std::string& to, std::string_view expected) override {
            return below_.copy(from, to, expected);
        }
        Status remove(std::span<const std::string> names) override { return below_.remove(names); }
        Result<std::vector<std::string>> list(const std::string& in, const std::string& after) override { return below_.list(in, after); }
        Result<std::vector<std::string>> folders() override { return below_.folders(); }
        bool wants_probe() const override { return false; }

    private:
        ObjectStore& below_;
        std::function<void()> first_write_;
    } between{*objects, [&] { written = put(*slow, "b").ok(); }};
    StateStore seen_between{between, "lake"};

    const auto second = StateSession::open(seen_between, keys, identity, {.lock = request, .clock = &later});

    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_TRUE(written);
    EXPECT_TRUE((*second)->state().resources.contains("b"));
    expect_that_nothing_is_written_by(std::move(slow));
}

}  // namespace
}  // namespace strata
