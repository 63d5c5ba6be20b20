#include <signal.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "engine/state/lease.hpp"

// Telling whether a lock's holder, a process of this very machine, is gone. Where /proc is not (macOS), nothing is told and
// its lease has to run out.

namespace strata {

namespace {

std::string first_line(const std::string& path) {
    std::ifstream file{path};
    std::string line;
    std::getline(file, line);
    return line;
}

}  // namespace

std::string this_machine() {
    const auto boot = first_line("/proc/sys/kernel/random/boot_id");
    std::error_code failure;
    const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", failure);
    if (boot.empty() || failure) return {};
    return fmt::format("{} {}", boot, space.string());
}

std::uint64_t start_of_process(std::int64_t process) {
    constexpr int start_time_field = 22;  // of proc(5), stat; counted from 1
    const auto line = first_line(fmt::format("/proc/{}/stat", process));
    // The name, in parentheses, may hold anything.
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return 0;
    // A process that was killed and is not yet cleared away by its parent does nothing any more.
    if (line.compare(name_end, 4, ") Z ") == 0 || line.compare(name_end, 4, ") X ") == 0) return 0;
    std::size_t at = name_end;
    for (int field = 2; field < start_time_field; ++field) at = line.find(' ', at + 1);
    std::uint64_t start = 0;
    if (at == std::string::npos) return 0;
    std::from_chars(line.data() + at + 1, line.data() + line.size(), start);
    return start;
}

bool has_ended(std::int64_t process, std::uint64_t start) {
    const bool shown = !first_line(fmt::format("/proc/{}/stat", process)).empty();
    if (!shown && process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM)) return false;
    return start_of_process(process) != start;
}

}  // namespace strata
