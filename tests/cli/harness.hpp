#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/run_program.hpp"
#include "config/reader.hpp"
#include "engine/model/stack.hpp"
#include "tests/engine/fake_cloud.hpp"
#include "tests/scratch_folder.hpp"

namespace strata::cli {

/// Keeps what a command writes, and answers what it asks.
class FakeConsole final : public Console {
public:
    void out(std::string_view text) override { append(written, text); }
    void err(std::string_view text) override { append(errors, text); }
    std::optional<std::string> read_line(const Interrupt&) override {
        if (answers.empty()) return std::nullopt;
        auto line = answers.front();
        answers.pop_front();
        return line;
    }
    [[nodiscard]] bool output_is_terminal() const override { return terminal; }
    [[nodiscard]] bool can_ask() const override { return terminal || !answers.empty(); }
    [[nodiscard]] std::size_t columns() const override { return 80; }
    [[nodiscard]] std::size_t rows() const override { return 24; }

    void forget() {
        const std::scoped_lock hold{mutex_};
        written.clear();
        errors.clear();
    }
    /// What was written to both, also while a command runs.
    std::string text() {
        const std::scoped_lock hold{mutex_};
        return written + errors;
    }

    std::string written;
    std::string errors;
    std::deque<std::string> answers;
    bool terminal = false;

private:
    void append(std::string& to, std::string_view text) {
        const std::scoped_lock hold{mutex_};
        to.append(text);
    }
    std::mutex mutex_;
};

/// A clock that stands still.
class StillClock final : public Clock {
public:
    WallTime now() override { return *parse_iso8601("2026-11-21T03:40:55Z"); }
    std::chrono::steady_clock::time_point steady() override { return {}; }
};

/// The machine's disk, on which writing can be made to fail.
class FailingFiles final : public Files {
public:
    Result<std::string> read(const std::filesystem::path& path) override { return real_files().read(path); }
    Status replace(const std::filesystem::path& path, std::string_view content, unsigned mode) override {
        return allowed(path) ? real_files().replace(path, content, mode) : refused(path);
    }
    Status create(const std::filesystem::path& path, std::string_view content, unsigned mode) override {
        return allowed(path) ? real_files().create(path, content, mode) : refused(path);
    }
    Status remove(const std::filesystem::path& path) override { return may_go_on(path) ? real_files().remove(path) : refused(path); }
    Status sync_folder(const std::filesystem::path& path) override { return real_files().sync_folder(path); }
    Status make_folder(const std::filesystem::path& path) override {
        return allowed(path) ? real_files().make_folder(path) : refused(path);
    }
    Result<std::vector<std::string>> list(const std::filesystem::path& path) override { return real_files().list(path); }

    std::string unwritable;  ///< part of a path; empty: everything can be written
    int writes_before_failing = 0;
    /// Asked before every change; false: it fails. May end the process, as a crash does.
    std::function<bool(const std::filesystem::path& path)> before_change;

private:
    bool may_go_on(const std::filesystem::path& path) const { return !before_change || before_change(path); }
    bool allowed(const std::filesystem::path& path) {
        if (!may_go_on(path)) return false;
        if (unwritable.empty() || path.string().find(unwritable) == std::string::npos) return true;
        return writes_before_failing-- > 0;
    }
    static Status refused(const std::filesystem::path& path) { return file_error("Cannot write file", path, 28 /* ENOSPC */); }
};

/// A program on the fake cloud in a folder of its own, driven by command lines.
class Cli {
public:
    using Declare = std::function<void(Stack&)>;

    Cli();
    Cli(const Cli&) = delete;
    Cli& operator=(const Cli&) = delete;

    /// Runs "up --yes" and the like; --config-dir is added where the verb takes it. What was written before is forgotten.
    int run(const std::string& command_line);
    int run(std::vector<std::string> words);

    /// Hands a command without a verb to `use`.
    void with_command(const std::function<void(Command&)>& use);

    /// With the folder's path replaced by "<folder>".
    [[nodiscard]] std::string out() const { return readable(console.written); }
    [[nodiscard]] std::string err() const { return readable(console.errors); }
    void write_config(const std::string& environment, const std::string& content);

    fake::Cloud cloud;
    std::vector<std::pair<std::string, Declare>> stacks;
    std::function<void(ConfigReader&)> settings;  ///< reads the program's; without it there are none
    FakeConsole console;
    FailingFiles files;
    StillClock clock;
    Interrupt interrupt;
    std::map<std::string, std::string, std::less<>> variables;
    const ScratchFolder scratch;
    const std::filesystem::path& folder = scratch.path;

private:
    [[nodiscard]] Surroundings surroundings();
    [[nodiscard]] std::string readable(std::string text) const;
    [[nodiscard]] LinkedProgram program() const;
};

/// A stack with one box, whose content can be chosen.
Cli::Declare one_box(std::string content = "books");

}  // namespace strata::cli
