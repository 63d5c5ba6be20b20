#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/console.hpp"
#include "cli/render/progress_view.hpp"
#include "engine/base/clock.hpp"

namespace strata::cli {

/// Shows a plan being made, or being carried out: on a terminal lines that are redrawn in place, elsewhere a plain line for all
/// that lasts, and one now and then for what takes long. Lives while planning looks at things, or from the first step to the last.
class ProgressDisplay {
public:
    ProgressDisplay(Console& console, Clock& clock, Style style, std::string stack, std::size_t total);
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;
    /// Takes away what is not to stay, and shows the cursor again.
    ~ProgressDisplay();

    void event(const Event& event);
    /// Writes something else without disturbing what is redrawn.
    void write_above(std::string_view text);

private:
    void keep_drawing();
    /// In one piece, with what is to stay above: between two, the terminal would flicker.
    void redraw(std::string_view lasting);
    // What the terminal is to be sent.
    std::string erasure();
    std::string drawing();
    std::string without_cursor(std::string text);
    void mention_slow_ones();
    void mention(const std::string& what, double seconds, const std::string& line);

    Console& console_;
    Clock& clock_;
    Style style_;
    bool live_;
    bool cursor_hidden_ = false;
    std::mutex mutex_;  ///< guards all below, and the order of what is written
    std::condition_variable wake_;
    ProgressView view_;
    std::vector<std::size_t> drawn_;           ///< widths of the lines on the screen that are to be redrawn
    std::map<std::string, double> mentioned_;  ///< step -> seconds after which it was mentioned last
    bool ending_ = false;
    std::thread drawer_;
};

}  // namespace strata::cli
