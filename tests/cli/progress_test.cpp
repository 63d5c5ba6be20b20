#include <gtest/gtest.h>

#include "cli/render/progress_display.hpp"
#include "cli/render/progress_view.hpp"
#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

const Style plain{false};

Event step(Event::Kind kind, const std::string& address, StepKind what = StepKind::create) {
    return {.kind = kind, .stack = "shelf", .address = address, .step = what};
}

SteadyTime at(std::int64_t ms) { return SteadyTime{} + milliseconds{ms}; }

ProgressView three_in_flight() {
    ProgressView view{.stack = "shelf", .total = 9, .began = at(0), .in_flight = {}};
    apply(view, step(Event::Kind::step_started, "network/vpc"), at(0));
    apply(view, step(Event::Kind::step_started, "network/nat"), at(1000));
    apply(view, step(Event::Kind::step_started, "lake/bronze", StepKind::update), at(2000));
    return view;
}

TEST(ProgressView, CountsAndForgetsWhatIsFinished) {
    auto view = three_in_flight();
    auto waiting = step(Event::Kind::step_progress, "network/nat");
    waiting.text = "pending";
    apply(view, waiting, at(2500));
    apply(view, step(Event::Kind::step_finished, "network/vpc"), at(3000));
    apply(view, step(Event::Kind::step_failed, "lake/bronze", StepKind::update), at(3000));
    apply(view, step(Event::Kind::step_skipped, "lake/silver"), at(3000));

    EXPECT_EQ(live_lines(view, at(63'000), 100, 24, plain),
              (Lines{"  ⠋ network/nat  creating 1 min 02 s · pending", "shelf: 1 of 9 done, 1 failed, 1 skipped · 1 min 03 s"}));
}

TEST(ProgressView, FitsANarrowTerminal) {
    const auto lines = live_lines(three_in_flight(), at(5000), 20, 24, plain);
    for (const auto& line : lines) EXPECT_LE(columns_of(line), 19U) << line;
    EXPECT_LE(columns_of(lines.back()), 15U) << "a terminal shows ^C behind it";
}

TEST(ProgressView, NamesHowManyMoreThereAreWhereTheTerminalIsLow) {
    const auto lines = live_lines(three_in_flight(), at(5000), 100, 5, plain);
    EXPECT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[1], "    and 2 more");
    EXPECT_EQ(live_lines(three_in_flight(), at(5000), 1, 1, plain).size(), 2U);
}

TEST(ProgressView, SaysThatTheRunIsStopping) {
    auto view = three_in_flight();
    apply(view, {.kind = Event::Kind::draining}, at(1));
    EXPECT_NE(live_lines(view, at(2), 200, 24, plain).back().find("stopping"), std::string::npos);
}

TEST(ProgressView, HasNoLineForEachStepThatTheEndOfTheRunCutOff) {
    auto own = step(Event::Kind::step_skipped, "box");
    own.text = "key did not succeed";
    EXPECT_EQ(lasting_line(own, plain), "  · box  skipped: key did not succeed\n");
    own.run_ended = true;
    EXPECT_EQ(lasting_line(own, plain), "");
}

TEST(ProgressView, TellsWhatPlanningIsBusyWithOnceItTakesLong) {
    ProgressView view{.began = at(0), .in_flight = {}};
    apply(view, {.kind = Event::Kind::pass, .stack = "shelf", .text = "reading 84 resources"}, at(0));

    EXPECT_EQ(live_lines(view, at(400), 100, 24, plain), Lines{});
    EXPECT_EQ(live_lines(view, at(2000), 100, 24, plain), (Lines{"  ⠋ shelf: reading 84 resources · 2.0 s"}));
    EXPECT_EQ(columns_of(live_lines(view, at(2000), 20, 24, plain).front()), 19U);
    EXPECT_EQ(still_planning_line(view, at(30'000)), "shelf: still reading 84 resources, 30 s\n");
    EXPECT_EQ(lasting_line({.kind = Event::Kind::pass, .stack = "shelf", .text = "reading"}, plain), "");
}

TEST(ProgressView, KeepsALineForWhatLasts) {
    auto done = step(Event::Kind::step_finished, "lake/bronze", StepKind::update);
    done.facet = "versioning";
    done.id = "bucket-1";
    done.seconds = 0.34;
    EXPECT_EQ(lasting_line(done, plain), "  ~ lake/bronze versioning  updated  bucket-1  0.3 s\n");
    EXPECT_EQ(lasting_line(step(Event::Kind::step_started, "x"), plain), "");
}

TEST(ProgressView, TellsDurationsAsPeopleDo) {
    EXPECT_EQ(duration_text(0.04), "0.0 s");
    EXPECT_EQ(duration_text(9.94), "9.9 s");
    EXPECT_EQ(duration_text(9.96), "10 s");
    EXPECT_EQ(duration_text(59.6), "1 min 00 s");
    EXPECT_EQ(duration_text(754), "12 min 34 s");
}

TEST(ProgressDisplay, LeavesPlainLinesWhereThereIsNoTerminal) {
    FakeConsole console;
    StillClock clock;
    {
        ProgressDisplay display{console, clock, plain, "shelf", 1};
        display.event(step(Event::Kind::step_started, "box"));
        display.event(step(Event::Kind::step_finished, "box"));
    }
    EXPECT_EQ(console.written, "  + box  created  0.0 s\n");
}

TEST(ProgressDisplay, HidesTheCursorOnATerminalAndShowsItAgain) {
    FakeConsole console;
    console.terminal = true;
    StillClock clock;
    {
        ProgressDisplay display{console, clock, plain, "shelf", 1};
        display.event(step(Event::Kind::step_started, "box"));
        display.event(step(Event::Kind::step_finished, "box"));
    }
    EXPECT_TRUE(console.written.starts_with("\x1b[?25l"));
    EXPECT_TRUE(console.written.ends_with("\x1b[?25h"));
    EXPECT_NE(console.written.find("  + box  created  0.0 s\n"), std::string::npos);
}

TEST(ProgressDisplay, TakesAwayWhatItDrewBelowSomethingElse) {
    FakeConsole console;
    console.terminal = true;
    StillClock clock;
    {
        ProgressDisplay display{console, clock, plain, "shelf", 1};
        display.write_above("warning\n");
    }
    EXPECT_TRUE(console.written.ends_with("\x1b[J\x1b[?25h")) << console.written;
}

TEST(ProgressDisplay, WritesNothingOfPlanningThatIsQuick) {
    FakeConsole console;
    console.terminal = true;
    StillClock clock;
    {
        ProgressDisplay display{console, clock, plain, "shelf", 0};
        display.event({.kind = Event::Kind::pass, .stack = "shelf", .text = "reading 84 resources"});
    }
    EXPECT_EQ(console.written, "");
}

}  // namespace
}  // namespace strata::cli
