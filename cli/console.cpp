#include "cli/console.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cerrno>

namespace strata::cli {

namespace {

constexpr std::size_t usual_columns = 80;
constexpr std::size_t usual_rows = 24;
constexpr int look_again_ms = 100;

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

winsize window() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size = {};
    return size;
}

class RealConsole final : public Console {
public:
    void out(std::string_view text) override { write_all(STDOUT_FILENO, text); }
    void err(std::string_view text) override { write_all(STDERR_FILENO, text); }

    std::optional<std::string> read_line(const Interrupt& interrupt) override {
        std::string line;
        while (!interrupt.draining()) {
            pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
            if (::poll(&input, 1, look_again_ms) <= 0) continue;
            char byte = 0;
            const auto got = ::read(STDIN_FILENO, &byte, 1);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return line.empty() ? std::nullopt : std::optional{line};
            if (byte == '\n') return line;
            line.push_back(byte);
        }
        return std::nullopt;
    }

    [[nodiscard]] bool output_is_terminal() const override { return ::isatty(STDOUT_FILENO) == 1; }
    [[nodiscard]] bool can_ask() const override { return ::isatty(STDIN_FILENO) == 1 && output_is_terminal(); }
    [[nodiscard]] std::size_t columns() const override {
        const auto size = window();
        return size.ws_col > 0 ? size.ws_col : usual_columns;
    }
    [[nodiscard]] std::size_t rows() const override {
        const auto size = window();
        return size.ws_row > 0 ? size.ws_row : usual_rows;
    }
};

}  // namespace

Console& real_console() {
    static RealConsole console;
    return console;
}

}  // namespace strata::cli
