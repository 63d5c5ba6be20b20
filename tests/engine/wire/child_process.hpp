#pragma once

#include <sys/types.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strata::wire {

/// A program that runs beside a test and is ended with it. Its output and errors are read here.
class ChildProcess {
public:
    using Variables = std::vector<std::pair<std::string, std::string>>;

    /// @param variables  set in the child, beside this process's own
    explicit ChildProcess(const std::vector<std::string>& command, const Variables& variables = {});
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();

    /// Reads until a line holds `text`; returns that line, or "" when the output ends or ten seconds pass.
    std::string wait_for_line(std::string_view text);

    /// Runs a command to its end. @return its exit code; -1 when it could not be started
    static int run(const std::vector<std::string>& command);
    /// The program's path when it is on PATH, else "".
    static std::string find(const std::string& program);

    /// A port of 127.0.0.1 that was free a moment ago, for programs that cannot choose one themselves.
    static int free_port();

private:
    pid_t process_ = -1;
    int output_ = -1;
    std::string buffer_;
};

}  // namespace strata::wire
