#include "cli/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace strata::cli {

namespace {

constexpr int log_mode = 0600;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> variables_with(const std::vector<std::pair<std::string, std::string>>& added) {
    std::vector<std::string> out;
    out.reserve(added.size());
    for (const auto& [name, value] : added) out.push_back(fmt::format("{}={}", name, value));
    for (char** present = environ; *present != nullptr; ++present) {
        const std::string_view line{*present};
        const auto name = line.substr(0, line.find('='));
        const bool replaced = std::ranges::any_of(added, [&](const auto& entry) { return entry.first == name; });
        if (!replaced) out.emplace_back(line);
    }
    return out;
}

}  // namespace

Result<pid_t> start_in_background(const ChildProcess& child) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, child.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, log_mode);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);

    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    auto command = child.command;
    auto variables = variables_with(child.variables);
    pid_t process = 0;
    const int failure =
        ::posix_spawn(&process, command.front().c_str(), &files, &how, pointers_to(command).data(), pointers_to(variables).data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    if (failure == 0) return process;
    return Error{.kind = ErrorKind::io,
                 .summary = "Cannot start a program",
                 .cause = fmt::format("{}: {}", child.command.front(), std::strerror(failure)),
                 .remedy = {}};
}

bool is_running(pid_t process) {
    if (process <= 0) return false;
    if (::waitpid(process, nullptr, WNOHANG) == process) return false;
    return ::kill(process, 0) == 0 || errno == EPERM;
}

bool was_started_with(pid_t process, std::string_view word) {
    std::ifstream file{fmt::format("/proc/{}/cmdline", process), std::ios::binary};
    if (!file) return !std::filesystem::exists("/proc/self");
    const std::string line{std::istreambuf_iterator<char>{file}, {}};
    return line.find(word) != std::string::npos;
}

}  // namespace strata::cli
