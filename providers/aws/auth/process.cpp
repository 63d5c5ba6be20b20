#include "providers/aws/auth/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#if !defined(_GNU_SOURCE)
extern char** environ;  // unistd.h declares it with glibc's extensions only
#endif

namespace strata::aws {

namespace {

constexpr std::size_t output_limit = std::size_t{1} << 20;

Error failed(std::string cause) {
    return Error{.kind = ErrorKind::credentials,
                 .summary = "Credential process failed",
                 .cause = fmt::format("The command in the profile's credential_process {}.", cause),
                 .remedy = "Run the command by hand and see what it says."};
}

/// Reads until the end, or until the time is up: then empty.
std::optional<std::string> read_all(int descriptor, Milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::string out;
    std::array<char, 4096> block{};
    while (out.size() <= output_limit) {
        const auto left = std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
        if (left <= 0) return std::nullopt;
        if (::poll(&watched, 1, static_cast<int>(left)) < 0 && errno != EINTR) return out;
        if (watched.revents == 0) continue;
        const auto count = ::read(descriptor, block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return out;
        out.append(block.data(), static_cast<std::size_t>(count));
    }
    return std::nullopt;
}

int wait_for(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/// Starts the shell with its output going into `writing`. It stays in our process group: it may ask for a
/// code on the terminal, and Ctrl-C is meant for it too.
int start_shell(const std::string& command, int writing, pid_t& process) {
    std::string shell = "/bin/sh";
    std::string flag = "-c";
    std::string script = command;
    std::array<char*, 4> arguments = {shell.data(), flag.data(), script.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failure = ::posix_spawn(&process, shell.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

}  // namespace

Result<std::string> run_credential_process(const std::string& command, Milliseconds timeout) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return failed(fmt::format("could not be started: {}", std::strerror(errno)));
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);

    pid_t process = 0;
    const int failure = start_shell(command, ends[1], process);
    ::close(ends[1]);
    if (failure != 0) {
        ::close(ends[0]);
        return failed(fmt::format("could not be started: {}", std::strerror(failure)));
    }
    auto output = read_all(ends[0], timeout);
    ::close(ends[0]);
    if (!output) ::kill(process, SIGKILL);
    const int status = wait_for(process);
    if (!output) return failed(fmt::format("did not end within {} s, or wrote more than {} bytes", timeout.count() / 1000, output_limit));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return *std::move(output);
    return failed(WIFEXITED(status) ? fmt::format("ended with code {}", WEXITSTATUS(status)) : std::string{"was ended by a signal"});
}

}  // namespace strata::aws
