#include "tests/bounded.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <new>

#include <fmt/format.h>

namespace strata {

namespace {

constexpr unsigned hang_after_seconds = 30;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool memory_is_ours = false;
#else
constexpr bool memory_is_ours = true;
#endif

/// A line of /proc/self/status, in bytes; 0 where there is none.
std::size_t process_memory(const std::string& name) {
    std::ifstream status{"/proc/self/status"};
    for (std::string key; status >> key;) {
        std::size_t kilobytes = 0;
        if (key == name + ":" && status >> kilobytes) return kilobytes << 10U;
        status.ignore(1000, '\n');
    }
    return 0;
}

void limit_memory(std::size_t more) {
    const auto now = process_memory("VmData");
    if (!memory_is_ours || now == 0) return;
    const rlimit limit{now + more, now + more};
    ::setrlimit(RLIMIT_DATA, &limit);
}

/// The highest resident memory since the last call.
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << 5; }

void write_all(int descriptor, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::write(descriptor, text.data() + done, text.size() - done);
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

std::string read_all(int descriptor) {
    std::string out;
    std::array<char, 4096> block{};
    while (true) {
        const auto count = ::read(descriptor, block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return out;
        out.append(block.data(), static_cast<std::size_t>(count));
    }
}

[[noreturn]] void run_child(const std::function<std::string()>& work, std::size_t memory, int descriptor) {
    ::alarm(hang_after_seconds);
    limit_memory(memory);
    forget_peak();
    const auto before = process_memory("VmRSS");
    const auto start = std::chrono::steady_clock::now();
    std::string said;
    try {
        said = work();
    } catch (const std::bad_alloc&) {
        said = "(out of memory)";
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    write_all(descriptor, fmt::format("{} {}\n{}", taken.count(), process_memory("VmHWM") - before, said));
    ::_exit(0);
}

Bounded outcome(int status, const std::string& written) {
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return {.said = "(hangs)"};
    if (WIFSIGNALED(status)) return {.said = fmt::format("(crashed: {})", strsignal(WTERMSIG(status)))};
    const auto line = written.find('\n');
    if (line == std::string::npos) return {.said = "(crashed)"};
    Bounded found{.said = written.substr(line + 1)};
    std::sscanf(written.c_str(), "%lf %zu", &found.seconds, &found.bytes);
    return found;
}

}  // namespace

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    out.reserve(piece.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
}

Bounded bounded(const std::function<std::string()>& work, std::size_t memory) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return {.said = "(no pipe)"};
    const pid_t child = ::fork();
    if (child < 0) return {.said = "(no process)"};
    if (child == 0) run_child(work, memory, ends[1]);

    ::close(ends[1]);
    const auto written = read_all(ends[0]);
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return outcome(status, written);
}

}  // namespace strata
