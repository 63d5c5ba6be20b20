#include "tests/engine/wire/child_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include "engine/base/text.hpp"

#if !defined(_GNU_SOURCE)
extern char** environ;  // unistd.h declares it with glibc's extensions only
#endif

namespace strata::wire {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const Variables& variables) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    auto arguments = command;
    std::vector<std::string> environment;
    for (char** at = environ; *at != nullptr; ++at) environment.emplace_back(*at);
    for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
    if (::posix_spawnp(&process_, command.front().c_str(), &actions, nullptr, pointers(arguments).data(), pointers(environment).data()) !=
        0)
        process_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
}

ChildProcess::~ChildProcess() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    if (output_ >= 0) ::close(output_);
}

std::string ChildProcess::wait_for_line(std::string_view text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (true) {
        for (auto end = buffer_.find('\n'); end != std::string::npos; end = buffer_.find('\n')) {
            const auto line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            if (line.find(text) != std::string::npos) return line;
        }
        pollfd watched{.fd = output_, .events = POLLIN, .revents = 0};
        if (std::chrono::steady_clock::now() > deadline) return {};
        if (::poll(&watched, 1, 200) <= 0) continue;
        std::array<char, 4096> block{};
        const auto count = ::read(output_, block.data(), block.size());
        if (count <= 0) return {};
        buffer_.append(block.data(), static_cast<std::size_t>(count));
    }
}

int ChildProcess::run(const std::vector<std::string>& command) {
    ChildProcess child{command};
    if (child.process_ < 0) return -1;
    std::array<char, 4096> block{};
    while (::read(child.output_, block.data(), block.size()) > 0) {
    }
    int status = 0;
    ::waitpid(child.process_, &status, 0);
    child.process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ChildProcess::find(const std::string& program) {
    const char* path = std::getenv("PATH");
    for (const auto& folder : split(path == nullptr ? "" : path, ':')) {
        const auto candidate = folder + "/" + program;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

int ChildProcess::free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error{errno, std::system_category(), "bind"};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(socket);
    return ntohs(address.sin_port);
}

}  // namespace strata::wire
