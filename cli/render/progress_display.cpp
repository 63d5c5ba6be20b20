#include "cli/render/progress_display.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace strata::cli {

namespace {

constexpr std::chrono::milliseconds redraw_every{100};
constexpr double mention_every_seconds = 30;
constexpr std::string_view hide_cursor = "\x1b[?25l";
constexpr std::string_view show_cursor = "\x1b[?25h";
constexpr std::string_view erase_line = "\r\x1b[2K";
constexpr std::string_view erase_below = "\r\x1b[J";

}  // namespace

ProgressDisplay::ProgressDisplay(Console& console, Clock& clock, Style style, std::string stack, std::size_t total)
    : console_{console}, clock_{clock}, style_{style}, live_{console.output_is_terminal()} {
    view_.stack = std::move(stack);
    view_.total = total;
    view_.began = clock_.steady();
    drawer_ = std::thread{[this] { keep_drawing(); }};
}

ProgressDisplay::~ProgressDisplay() {
    {
        const std::scoped_lock hold{mutex_};
        ending_ = true;
    }
    wake_.notify_one();
    drawer_.join();
    if (cursor_hidden_) console_.out(erasure().append(show_cursor));
}

void ProgressDisplay::event(const Event& event) {
    const std::scoped_lock hold{mutex_};
    apply(view_, event, clock_.steady());
    const auto line = lasting_line(event, style_);
    if (line.empty()) return;
    if (live_) redraw(line);
    else console_.out(line);
}

void ProgressDisplay::write_above(std::string_view text) {
    const std::scoped_lock hold{mutex_};
    if (live_) console_.out(erasure());
    console_.err(text);
    if (!live_) return;
    if (auto lines = drawing(); !lines.empty()) console_.out(without_cursor(std::move(lines)));
}

void ProgressDisplay::keep_drawing() {
    std::unique_lock hold{mutex_};
    while (!ending_) {
        if (live_) {
            redraw({});
        } else {
            mention_slow_ones();
        }
        wake_.wait_for(hold, redraw_every, [this] { return ending_; });
    }
}

/// Goes back to where drawing began. A terminal that was made narrower has wrapped the lines: they take more rows now.
std::string ProgressDisplay::erasure() {
    if (drawn_.empty()) return {};
    const auto columns = std::max<std::size_t>(console_.columns(), 1);
    std::size_t rows = 0;
    for (const auto width : drawn_) rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
    std::string out{erase_line};
    if (rows > 1) out += fmt::format("\x1b[{}A", rows - 1);
    drawn_.clear();
    return out.append(erase_below);
}

void ProgressDisplay::redraw(std::string_view lasting) {
    auto text = erasure();
    text += lasting;
    text += drawing();
    if (!text.empty()) console_.out(without_cursor(std::move(text)));
}

std::string ProgressDisplay::without_cursor(std::string text) {
    if (!cursor_hidden_) text.insert(0, hide_cursor);
    cursor_hidden_ = true;
    return text;
}

std::string ProgressDisplay::drawing() {
    std::string out;
    for (const auto& line : live_lines(view_, clock_.steady(), console_.columns(), console_.rows(), style_)) {
        out += (drawn_.empty() ? "" : "\n") + line;
        drawn_.push_back(columns_of(line));
    }
    return out;
}

void ProgressDisplay::mention_slow_ones() {
    const auto now = clock_.steady();
    const auto seconds_since = [&](SteadyTime since) { return std::chrono::duration<double>(now - since).count(); };
    if (!view_.planning.empty()) mention("", seconds_since(view_.began), still_planning_line(view_, now));
    for (const auto& step : view_.in_flight)
        mention(step.address + "#" + step.facet + " " + step.doing, seconds_since(step.since), still_line(step, now));
}

void ProgressDisplay::mention(const std::string& what, double seconds, const std::string& line) {
    auto& last = mentioned_[what];
    if (seconds < last) last = 0;
    if (seconds - last < mention_every_seconds) return;
    last = seconds;
    console_.out(line);
}

}  // namespace strata::cli
