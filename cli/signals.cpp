#include "cli/signals.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

namespace strata::cli {

namespace {

struct Target {
    Interrupt* interrupt = nullptr;
    int pipe = -1;
};

// A signal handler gets no argument, so what it may touch has to be found from here. Only SignalWatch writes it.
Target target;

void handle(int signal) {
    const int saved = errno;
    target.interrupt->ask(signal);
    const char byte = 'i';
    [[maybe_unused]] const auto written = ::write(target.pipe, &byte, 1);
    errno = saved;
}

void set_handler(void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    // Files and sockets go on where they were: only what polls, looks at the Interrupt.
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

SignalWatch::SignalWatch(Interrupt& interrupt, std::function<void()> asked) {
    if (::pipe2(pipe_, O_CLOEXEC) != 0) return;
    target = {.interrupt = &interrupt, .pipe = pipe_[1]};
    listener_ = std::thread{[input = pipe_[0], asked = std::move(asked)] {
        char byte = 0;
        while (true) {
            const auto got = ::read(input, &byte, 1);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0 || byte != 'i') return;
            asked();
        }
    }};
    set_handler(&handle);
}

SignalWatch::~SignalWatch() {
    if (!listener_.joinable()) return;
    // Nothing is left but to end: a signal that comes now would make a finished run look like a killed one.
    set_handler(SIG_IGN);
    const char last = 'e';
    [[maybe_unused]] const auto written = ::write(pipe_[1], &last, 1);
    listener_.join();
    ::close(pipe_[0]);
    ::close(pipe_[1]);
}

}  // namespace strata::cli
