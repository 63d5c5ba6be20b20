#include <charconv>
#include <csignal>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "cli/child_process.hpp"
#include "cli/connections.hpp"
#include "cli/emulator.hpp"
#include "cli/verb_list.hpp"
#include "cli/workspace.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view emulator_module = "strata_emulator";
constexpr std::chrono::seconds longest_start{60};
constexpr std::chrono::seconds longest_stop{10};
constexpr std::chrono::milliseconds look_again{50};
constexpr std::size_t log_lines_shown = 10;

/// The emulator of one environment: where it listens, and what is kept of it below `.strata/local/`.
class Emulator {
public:
    static Result<Emulator> of(Command& command) {
        auto workspace = Workspace::open(command);
        if (!workspace) return std::move(workspace).error();
        const auto& loaded = (*workspace)->loaded();
        const auto endpoint = loaded.endpoint.value_or("");
        const auto colon = endpoint.rfind(':');
        if (!(*workspace)->on_this_machine() || colon == std::string::npos || endpoint.find('/', colon + 1) != std::string::npos ||
            endpoint.starts_with("https"))
            return Error{.kind = ErrorKind::usage,
                         .summary = "Not an environment of this machine",
                         .cause = fmt::format("{} has no endpoint like http://127.0.0.1:4566.", loaded.file.string()),
                         .remedy = "Use one that has:\n  strata local up --env local"};
        return Emulator{command, fs::absolute((*workspace)->root()).lexically_normal(), endpoint, endpoint.substr(colon + 1)};
    }

    /// Its instance id while it answers.
    [[nodiscard]] std::optional<std::string> instance() const {
        Connections connections{command_.around.clock, command_.around.variables, {}};
        auto found = emulator_instance(connections, endpoint_);
        return found.ok() ? std::optional{*found} : std::nullopt;
    }

    /// The process that was started here, while it runs; 0 when there is none.
    [[nodiscard]] pid_t process() const {
        const auto content = command_.around.files.read(pid_file());
        if (!content) return 0;
        const auto text = trimmed(*content);
        pid_t process = 0;
        std::from_chars(text.data(), text.data() + text.size(), process);
        return is_running(process) && was_started_with(process, emulator_module) ? process : 0;
    }

    [[nodiscard]] Result<pid_t> start() const {
        const auto python = root_ / ".venv/bin/python";
        if (!fs::exists(python))
            return Error{.kind = ErrorKind::io,
                         .summary = "The emulator's Python is missing",
                         .cause = fmt::format("{} is not there.", python.string()),
                         .remedy = "Make it:\n  make setup"};
        if (auto made = command_.around.files.make_folder(folder()); !made) return std::move(made).error();
        const auto& arguments = command_.arguments;
        ChildProcess child{.command = {python.string(), "-m", std::string{emulator_module}, "--port", port_},
                           .variables = {{"PYTHONPATH", (root_ / "providers/aws/emulator").string()}},
                           .log = log_file()};
        if (!arguments.latency_ms.empty()) child.command.insert(child.command.end(), {"--latency-ms", arguments.latency_ms});
        if (arguments.throttle) child.command.emplace_back("--throttle");
        for (const auto& fault : arguments.faults) child.command.insert(child.command.end(), {"--fault", fault});
        if (!arguments.ledger.empty()) child.command.insert(child.command.end(), {"--ledger", arguments.ledger});
        auto started = start_in_background(child);
        if (!started) return started;
        if (auto noted = command_.around.files.replace(pid_file(), fmt::format("{}\n", *started)); !noted) return std::move(noted).error();
        return started;
    }

    /// @errors timeout, io with the end of the log
    [[nodiscard]] Status wait_until_healthy(pid_t process) const {
        const auto began = command_.around.clock.steady();
        while (command_.around.clock.steady() - began < longest_start) {
            if (!is_running(process)) return failed(ErrorKind::io, "The emulator ended while it started");
            if (instance()) return {};
            if (command_.around.interrupt.draining())
                return Error{.kind = ErrorKind::interrupted, .summary = "Interrupted", .cause = {}, .remedy = {}};
            std::this_thread::sleep_for(look_again);
        }
        return failed(ErrorKind::timeout, "The emulator does not become ready");
    }

    [[nodiscard]] Status stop(pid_t process) const {
        ::kill(process, SIGTERM);
        const auto began = command_.around.clock.steady();
        while (is_running(process) && command_.around.clock.steady() - began < longest_stop) std::this_thread::sleep_for(look_again);
        if (is_running(process)) ::kill(process, SIGKILL);
        return command_.around.files.remove(pid_file());
    }

    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
    [[nodiscard]] fs::path log_file() const { return folder() / "emulator.log"; }

private:
    Emulator(Command& command, fs::path root, std::string endpoint, std::string port)
        : command_{command}, root_{std::move(root)}, endpoint_{std::move(endpoint)}, port_{std::move(port)} {}

    [[nodiscard]] fs::path folder() const { return root_ / ".strata/local"; }
    [[nodiscard]] fs::path pid_file() const { return folder() / "emulator.pid"; }

    [[nodiscard]] Error failed(ErrorKind kind, std::string summary) const {
        const auto log = command_.around.files.read(log_file());
        auto lines = log.ok() ? split(trimmed(*log), '\n') : std::vector<std::string>{};
        if (lines.size() > log_lines_shown) lines.erase(lines.begin(), lines.end() - log_lines_shown);
        return Error{.kind = kind,
                     .summary = std::move(summary),
                     .cause = fmt::format("The end of {}:\n{}", log_file().string(), join(lines, "\n")),
                     .remedy = "If another program uses the port, change \"endpoint\" in the environment's file."};
    }

    Command& command_;
    fs::path root_;
    std::string endpoint_;
    std::string port_;
};

void report_status(Command& command, const Emulator& emulator, const std::optional<std::string>& instance, pid_t process) {
    if (command.arguments.json) {
        command.report.listing({.event = "local",
                                .columns = {},
                                .rows = {{{"name", "emulator"},
                                          {"endpoint", emulator.endpoint()},
                                          {"running", instance.has_value()},
                                          {"instance", instance.value_or("")},
                                          {"process", static_cast<std::int64_t>(process)},
                                          {"log", emulator.log_file().string()}}},
                                .when_empty = {}});
        return;
    }
    if (!instance) return command.report.note(fmt::format("The emulator does not run ({}).", emulator.endpoint()));
    command.report.note(process != 0 ? fmt::format("The emulator runs at {} (process {}, log {}).", emulator.endpoint(), process,
                                                   emulator.log_file().string())
                                     : fmt::format("A server that was not started here answers at {}.", emulator.endpoint()));
}

}  // namespace

void add_local_flags(FlagList& flags, Arguments& into) {
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

void add_local_up_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "--latency-ms", .help = "Added to every answer", .target = &into.latency_ms, .value = "MS"});
    flags.push_back({.name = "--throttle", .help = "Keep to AWS's published request rates", .target = &into.throttle});
    flags.push_back({.name = "--fault",
                     .help = "Let calls fail (providers/aws/emulator/README.md); may be repeated",
                     .target = &into.faults,
                     .value = "SPEC"});
    flags.push_back({.name = "--ledger",
                     .help = "Write every call to this file",
                     .target = &into.ledger,
                     .value = "FILE",
                     .completion = Completion::file});
    add_local_flags(flags, into);
}

Result<ExitCode> run_local_up(Command& command) {
    const auto emulator = Emulator::of(command);
    if (!emulator) return emulator.error();
    const auto& arguments = command.arguments;
    if (const auto instance = emulator->instance()) {
        report_status(command, *emulator, instance, emulator->process());
        if (!arguments.latency_ms.empty() || arguments.throttle || !arguments.faults.empty() || !arguments.ledger.empty())
            return Error{.kind = ErrorKind::usage,
                         .summary = "The emulator runs already",
                         .cause = "It takes --latency-ms, --throttle, --fault and --ledger only when it starts.",
                         .remedy = "Stop it first; it then forgets what was deployed to it:\n  strata local down"};
        return ExitCode::ok;
    }
    // One that runs but does not answer is still starting (a second `local up` at the same moment), or hangs.
    auto process = emulator->process() != 0 ? Result<pid_t>{emulator->process()} : emulator->start();
    if (!process) return std::move(process).error();
    if (auto ready = emulator->wait_until_healthy(*process); !ready) return std::move(ready).error();
    report_status(command, *emulator, emulator->instance(), *process);
    return ExitCode::ok;
}

Result<ExitCode> run_local_down(Command& command) {
    const auto emulator = Emulator::of(command);
    if (!emulator) return emulator.error();
    const auto process = emulator->process();
    if (process != 0)
        if (auto stopped = emulator->stop(process); !stopped) return std::move(stopped).error();
    const auto instance = emulator->instance();
    if (process == 0 || instance || command.arguments.json) report_status(command, *emulator, instance, 0);
    else command.report.note(fmt::format("The emulator at {} is stopped; it forgets what was deployed to it.", emulator->endpoint()));
    return ExitCode::ok;
}

Result<ExitCode> run_local_status(Command& command) {
    const auto emulator = Emulator::of(command);
    if (!emulator) return emulator.error();
    report_status(command, *emulator, emulator->instance(), emulator->process());
    return ExitCode::ok;
}

}  // namespace strata::cli
