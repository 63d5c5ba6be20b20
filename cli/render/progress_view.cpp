#include "cli/render/progress_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "cli/render/problem_text.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

constexpr std::array<std::string_view, 10> spinner = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::chrono::milliseconds spinner_step{100};
constexpr std::size_t echo_columns = 4;
constexpr std::chrono::milliseconds planning_shows_after{500};

struct Wording {
    std::string_view symbol;
    std::string_view doing;
    std::string_view done;
    Colour colour;
};

Wording wording_of(const Event& event) {
    switch (event.step.value_or(StepKind::update)) {
        case StepKind::adopt: return {"=", "importing", "imported", Colour::blue};
        case StepKind::create: return {"+", "creating", "created", Colour::green};
        case StepKind::update: return {"~", "updating", "updated", Colour::yellow};
        case StepKind::remove: return {"-", "deleting", "deleted", Colour::red};
        case StepKind::forget: return {" ", "forgetting", "forgotten", Colour::blue};
    }
    return {"~", "updating", "updated", Colour::yellow};
}

/// "lake/bronze versioning": a facet is named behind its resource.
std::string name_text(const std::string& address, const std::string& facet) { return facet.empty() ? address : address + " " + facet; }

double seconds_since(SteadyTime since, SteadyTime now) { return std::chrono::duration<double>(now - since).count(); }

std::string counts_line(const ProgressView& view, SteadyTime now) {
    std::string line = fmt::format("{}: {} of {} done", view.stack, view.done, view.total);
    if (view.failed > 0) line += fmt::format(", {} failed", view.failed);
    if (view.skipped > 0) line += fmt::format(", {} skipped", view.skipped);
    line += fmt::format(" · {}", duration_text(seconds_since(view.began, now)));
    if (view.draining) line += " · stopping (Ctrl-C again: at once)";
    return line;
}

std::string_view spinner_at(SteadyTime since, SteadyTime now) {
    return spinner[static_cast<std::size_t>(std::max<std::int64_t>((now - since) / spinner_step, 0)) % spinner.size()];
}

std::string planning_line(const ProgressView& view, SteadyTime now) {
    return fmt::format("  {} {}: {} · {}", spinner_at(view.began, now), view.stack, view.planning,
                       duration_text(seconds_since(view.began, now)));
}

std::string in_flight_line(const ProgressView::InFlight& step, SteadyTime now, std::size_t columns, const Style& style) {
    const auto elapsed = duration_text(seconds_since(step.since, now));
    const auto behind =
        step.text.empty() ? fmt::format("{} {}", step.doing, elapsed) : fmt::format("{} {} · {}", step.doing, elapsed, harmless(step.text));
    const auto name = name_text(step.address, step.facet);
    const auto line = cut(fmt::format("  {} {}  {}", spinner_at(step.since, now), name, behind), columns);
    return style.paint(Colour::dim, line);
}

/// What is followed from elsewhere may have begun before it is seen.
void begin(ProgressView& view, const Event& event, SteadyTime now) {
    const auto since = now - std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>{event.seconds});
    view.began = std::min(view.began, since);
    view.in_flight.push_back(
        {.address = event.address, .facet = event.facet, .doing = std::string{wording_of(event).doing}, .text = {}, .since = since});
}

std::string draining_line(const Event& event) {
    if (event.text.empty()) return "  Interrupted: what is in flight is finished first. Interrupt again to stop now.\n";
    return fmt::format("  Cancelled by {}: what is in flight is finished first. `strata cancel --now` stops it now.\n",
                       harmless(event.text));
}

}  // namespace

std::string duration_text(double seconds) {
    if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
    const auto whole = std::llround(seconds);
    if (whole < 60) return fmt::format("{} s", whole);
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

void apply(ProgressView& view, const Event& event, SteadyTime now) {
    const auto same = [&](const ProgressView::InFlight& step) {
        return step.address == event.address && step.facet == event.facet && step.doing == wording_of(event).doing;
    };
    switch (event.kind) {
        case Event::Kind::step_started: begin(view, event, now); break;
        case Event::Kind::step_progress:
            for (auto& step : view.in_flight)
                if (same(step)) step.text = event.text;
            break;
        case Event::Kind::step_finished:
        case Event::Kind::step_failed: {
            const auto at = std::ranges::find_if(view.in_flight, same);
            if (at != view.in_flight.end()) view.in_flight.erase(at);
            if (event.kind == Event::Kind::step_finished) ++view.done;
            else ++view.failed;
            break;
        }
        case Event::Kind::step_skipped: ++view.skipped; break;
        case Event::Kind::draining: view.draining = true; break;
        case Event::Kind::pass:
            view.stack = event.stack;
            view.planning = event.text;
            break;
        case Event::Kind::recovered:
        case Event::Kind::warning: break;
    }
}

std::vector<std::string> live_lines(const ProgressView& view, SteadyTime now, std::size_t columns, std::size_t rows, const Style& style) {
    // One column and one row stay free: a terminal that wraps or scrolls by itself would shift what is redrawn.
    const auto width = columns > 1 ? columns - 1 : 1;
    if (!view.planning.empty() && now - view.began < planning_shows_after) return {};
    if (!view.planning.empty()) return {style.paint(Colour::dim, cut(planning_line(view, now), width))};
    const auto room = rows > 3 ? rows - 3 : 1;
    const auto shown = view.in_flight.size() > room ? room - std::min<std::size_t>(room, 1) : view.in_flight.size();
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < shown; ++i) lines.push_back(in_flight_line(view.in_flight[i], now, width, style));
    if (shown < view.in_flight.size()) lines.push_back(cut(fmt::format("    and {} more", view.in_flight.size() - shown), width));
    // Behind the last line there is room for the "^C" that a terminal shows, twice: it would wrap, and shift what is redrawn.
    lines.push_back(cut(counts_line(view, now), width > echo_columns ? width - echo_columns : width));
    return lines;
}

std::string lasting_line(const Event& event, const Style& style) {
    const auto words = wording_of(event);
    const auto name = name_text(event.address, event.facet);
    const auto symbol = style.paint(words.colour, words.symbol);
    const std::string_view which = event.old ? " (old one)" : event.lets_go ? " (lets go)" : "";
    switch (event.kind) {
        case Event::Kind::step_finished:
            return fmt::format("  {} {}  {}{}{}  {}\n", symbol, name, words.done, which, event.id.empty() ? "" : "  " + event.id,
                               duration_text(event.seconds));
        case Event::Kind::step_failed:
            return fmt::format("  {} {}  {} after {}: {}\n", style.paint(Colour::red, "!"), name, style.paint(Colour::red, "FAILED"),
                               duration_text(event.seconds), event.error ? harmless(event.error->summary) : "");
        case Event::Kind::step_skipped:
            // A line for each of hundreds would bury what was done; their number stands at the end.
            if (event.run_ended) return {};
            return fmt::format("  {} {}  skipped: {}\n", style.paint(Colour::dim, "·"), name, event.text);
        case Event::Kind::recovered: return fmt::format("  {} {}  {}\n", style.paint(Colour::blue, "i"), name, event.text);
        case Event::Kind::draining: return draining_line(event);
        case Event::Kind::warning: return event.error ? problem_text(*event.error, Severity::warning, style) : std::string{};
        case Event::Kind::pass:
        case Event::Kind::step_started:
        case Event::Kind::step_progress: return {};
    }
    return {};
}

std::string still_line(const ProgressView::InFlight& step, SteadyTime now) {
    return fmt::format("    still {} {}, {}{}{}\n", step.doing, name_text(step.address, step.facet),
                       duration_text(seconds_since(step.since, now)), step.text.empty() ? "" : ": ", harmless(step.text));
}

std::string still_planning_line(const ProgressView& view, SteadyTime now) {
    return fmt::format("{}: still {}, {}\n", view.stack, view.planning, duration_text(seconds_since(view.began, now)));
}

}  // namespace strata::cli
