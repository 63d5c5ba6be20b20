#include "engine/state/file_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

namespace fs = std::filesystem;

/// flock is let go by the kernel when the process ends, however it ends: a dead run never holds a stack.
class FileLock final : public StateLock {
public:
    FileLock(int descriptor, fs::path path) : descriptor_{descriptor}, path_{std::move(path)} {}
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock() override {
        // The owner's name goes with the lock; a failure to clear it only leaves an old name in an unlocked file.
        [[maybe_unused]] const auto cleared = ::ftruncate(descriptor_, 0);
        ::close(descriptor_);
    }

private:
    int descriptor_;
    fs::path path_;
};

std::string written_by(const Value& owner) {
    const auto text = [&](std::string_view key) {
        const auto* found = owner.find(key);
        return found != nullptr ? found->text_or("") : std::string_view{};
    };
    const auto* process = owner.find("process");
    return fmt::format("\"{}\" by {}@{} (process {}) since {}", text("purpose"), text("user"), text("host"),
                       process != nullptr ? process->integer_or(0) : 0, text("since"));
}

Error held(const fs::path& path, const std::string& content) {
    const auto owner = parse_json(content, path.string());
    return Error{
        .kind = ErrorKind::lock_held,
        .summary = "Another run works on this stack",
        .cause = fmt::format("{}: held for {}.", path.string(), owner.ok() ? written_by(*owner) : "a run that did not write its name"),
        .remedy = "Wait until it has ended and try again. The lock goes with its process; nothing needs to be removed."};
}

std::optional<std::uint64_t> segment_number(std::string_view name) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failure != std::errc{} || std::string_view{end, static_cast<std::size_t>(name.data() + name.size() - end)} != ".json")
        return std::nullopt;
    return number;
}

Error not_saved(Error why) {
    if (why.kind == ErrorKind::conflict) return why;
    why.kind = ErrorKind::state_not_saved;
    why.remedy = "See that the folder can be written to and its disk has room; \"state\" in the environment's configuration names it.";
    return why;
}

Error unreadable(Error why) {
    why.kind = ErrorKind::state_unreadable;
    why.remedy = "Nothing was written. Make it readable, or restore it from a backup.";
    return why;
}

class FileStore final : public StateStore {
public:
    FileStore(fs::path folder, Files& files) : folder_{std::move(folder)}, files_{&files} {}

    std::string location() const override { return fmt::format("file {}", folder_.string()); }

    Result<std::optional<Snapshot>> read_snapshot() override {
        auto content = files_->read(folder_ / "snapshot.json");
        if (!content && content.error().kind == ErrorKind::not_found) return std::optional<Snapshot>{};
        if (!content) return unreadable(std::move(content).error());
        auto version = sha256_hex(*content);
        return std::optional{Snapshot{.content = std::move(*content), .version = std::move(version)}};
    }

    Result<std::string> write_snapshot(std::string_view content, std::string_view expected) override {
        auto present = read_snapshot();
        if (!present) return not_saved(std::move(present).error());
        const auto& snapshot = *present;
        const auto version = snapshot ? snapshot->version : std::string{};
        if (version != expected)
            return Error{.kind = ErrorKind::conflict,
                         .summary = "State was changed by another run",
                         .cause = fmt::format("{} is not what this run has read.", (folder_ / "snapshot.json").string()),
                         .remedy = "Run the command again: it starts from the state as it is now."};
        if (auto made = files_->make_folder(folder_); !made) return not_saved(std::move(made).error());
        if (auto written = files_->replace(folder_ / "snapshot.json", content); !written) return not_saved(std::move(written).error());
        return sha256_hex(content);
    }

    Result<std::vector<std::pair<std::uint64_t, std::string>>> read_segments(std::uint64_t after) override {
        auto names = files_->list(folder_ / "journal");
        if (!names) return unreadable(std::move(names).error());
        std::vector<std::pair<std::uint64_t, std::string>> segments;
        for (const auto& name : *names) {
            const auto number = segment_number(name);
            if (!number || *number <= after) continue;
            auto content = files_->read(folder_ / "journal" / name);
            if (!content) return unreadable(std::move(content).error());
            segments.emplace_back(*number, std::move(*content));
        }
        return segments;
    }

    Status create_segment(std::uint64_t number, std::string_view content) override {
        if (auto made = files_->make_folder(folder_ / "journal"); !made) return not_saved(std::move(made).error());
        auto created = files_->create(folder_ / "journal" / fmt::format("{:012}.json", number), content);
        if (!created) return not_saved(std::move(created).error());
        return {};
    }

    Status remove_segments(std::uint64_t up_to) override {
        const auto names = files_->list(folder_ / "journal");
        if (!names) return names.error();
        for (const auto& name : *names) {
            const auto number = segment_number(name);
            if (!number || *number > up_to) continue;
            if (auto removed = files_->remove(folder_ / "journal" / name); !removed) return removed;
        }
        return {};
    }

    Result<std::unique_ptr<StateLock>> lock(const LockOwner& owner) override {
        if (auto made = files_->make_folder(folder_); !made) return not_saved(std::move(made).error());
        const auto path = folder_ / "lock";
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0) return not_saved(file_error("Cannot write file", path, errno));
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor);
            const auto content = files_->read(path);
            return held(path, content.ok() ? *content : std::string{});
        }
        const auto text = to_json(Value::map({{"run", owner.run},
                                              {"user", owner.user},
                                              {"host", owner.host},
                                              {"process", owner.process},
                                              {"purpose", owner.purpose},
                                              {"since", owner.since}}));
        if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, text.data(), text.size(), 0) < 0) {
            const int reason = errno;
            ::close(descriptor);
            return not_saved(file_error("Cannot write file", path, reason));
        }
        return std::unique_ptr<StateLock>{std::make_unique<FileLock>(descriptor, path)};
    }

    Status archive(std::string_view name) override {
        const auto aside = folder_.parent_path() / fmt::format("{}.{}", folder_.filename().string(), name);
        std::error_code failure;
        fs::create_directories(aside, failure);
        for (const auto* part : {"snapshot.json", "journal"}) {
            if (failure || !fs::exists(folder_ / part)) continue;
            fs::rename(folder_ / part, aside / part, failure);
        }
        if (failure) return not_saved(file_error("Cannot archive state", folder_, failure.value()));
        return {};
    }

private:
    fs::path folder_;
    Files* files_;
};

}  // namespace

std::unique_ptr<StateStore> file_store(fs::path folder, Files& files) { return std::make_unique<FileStore>(std::move(folder), files); }

Result<std::vector<std::string>> stacks_in(const fs::path& root, Files& files) {
    auto names = files.list(root);
    if (!names) return names;
    // A first run that was killed has left a journal and no snapshot.
    const auto holds_state = [&](const std::string& name) {
        const auto segments = files.list(root / name / "journal");
        return fs::exists(root / name / "snapshot.json") || (segments.ok() && !segments->empty());
    };
    std::erase_if(*names, [&](const std::string& name) { return name.find('.') != std::string::npos || !holds_state(name); });
    return names;
}

}  // namespace strata
