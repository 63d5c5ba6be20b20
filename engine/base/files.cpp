#include "engine/base/files.hpp"

#include <fcntl.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "engine/base/system_calls.hpp"

namespace strata {

namespace {

namespace fs = std::filesystem;

/// An open file descriptor that is closed when it goes.
class Descriptor {
public:
    Descriptor(SystemCalls& system, int number) : system_{system}, number_{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) system_.close(number_);
    }
    [[nodiscard]] bool open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }

private:
    SystemCalls& system_;
    int number_;
};

/// The result of `call`, which a signal may have broken off before it did anything.
template <typename Call>
auto unless_interrupted(const Call& call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path{"."}; }

class DiskFiles final : public Files {
public:
    explicit DiskFiles(SystemCalls& system) : system_{system} {}

    Result<std::string> read(const fs::path& path) override { return read_front(path, std::numeric_limits<std::size_t>::max()); }

    Result<std::string> read_front(const fs::path& path, std::size_t bytes) override {
        const Descriptor descriptor{system_, open(path, O_RDONLY)};
        if (!descriptor.open()) return file_error("Cannot read file", path, errno);
        std::string content;
        std::error_code unknown;
        // One copy, not the two of a text that grows; a device or a pipe has no size to go by.
        if (const auto size = fs::file_size(path, unknown); !unknown) content.reserve(std::min<std::uintmax_t>(size, bytes));
        std::array<char, 65536> block{};
        while (content.size() < bytes) {
            const auto most = std::min(block.size(), bytes - content.size());
            const auto count = unless_interrupted([&] { return system_.read(descriptor.number(), block.data(), most); });
            if (count < 0) return file_error("Cannot read file", path, errno);
            if (count == 0) return content;
            content.append(block.data(), static_cast<std::size_t>(count));
        }
        return content;
    }

    Status replace(const fs::path& path, std::string_view content, unsigned mode) override {
        const auto fresh = write_beside(path, content, mode);
        if (!fresh) return fresh.error();
        if (system_.rename(fresh->c_str(), path.c_str()) != 0) {
            const int reason = errno;
            system_.unlink(fresh->c_str());
            return file_error("Cannot write file", path, reason);
        }
        return sync_folder(folder_of(path));
    }

    Status create(const fs::path& path, std::string_view content, unsigned mode) override {
        const auto fresh = write_beside(path, content, mode);
        if (!fresh) return fresh.error();
        if (!move_if_absent(*fresh, path)) {
            const int reason = errno;
            system_.unlink(fresh->c_str());
            return file_error("Cannot create file", path, reason);
        }
        return sync_folder(folder_of(path));
    }

    Status remove(const fs::path& path) override {
        if (system_.unlink(path.c_str()) != 0) return file_error("Cannot remove file", path, errno);
        return {};
    }

    Status sync_folder(const fs::path& folder) override {
        const Descriptor descriptor{system_, open(folder, O_RDONLY | O_DIRECTORY)};
        if (!descriptor.open() || !sync(descriptor)) return file_error("Cannot sync folder", folder, errno);
        return {};
    }

    Status make_folder(const fs::path& path) override {
        std::error_code failure;
        if (fs::is_directory(path, failure)) return {};
        const auto above = folder_of(path);
        if (above != path && !fs::is_directory(above, failure))
            if (auto made = make_folder(above); !made) return made;
        if (system_.make_folder(path.c_str(), 0700) != 0 && errno != EEXIST) return file_error("Cannot make folder", path, errno);
        return sync_folder(above);
    }

    Result<std::vector<std::string>> list(const fs::path& path) override {
        std::vector<std::string> names;
        std::error_code failure;
        for (fs::directory_iterator at{path, failure}, end; !failure && at != end; at.increment(failure))
            names.push_back(at->path().filename().string());
        if (failure && failure.value() != ENOENT) return file_error("Cannot list folder", path, failure.value());
        std::ranges::sort(names);
        return names;
    }

private:
    int open(const fs::path& path, int flags) {
        return unless_interrupted([&] { return system_.open(path.c_str(), flags | O_CLOEXEC); });
    }

    bool sync(const Descriptor& descriptor) {
        return unless_interrupted([&] { return system_.sync(descriptor.number()); }) == 0;
    }

    bool write_all(const Descriptor& descriptor, std::string_view content) {
        while (!content.empty()) {
            const auto written = unless_interrupted([&] { return system_.write(descriptor.number(), content.data(), content.size()); });
            // Nothing written and no reason given: asking again would go on for ever.
            if (written == 0) errno = EIO;
            if (written <= 0) return false;
            content.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    /// Writes and syncs a temporary file beside `path`; removes it again when that fails.
    Result<fs::path> write_beside(const fs::path& path, std::string_view content, unsigned mode) {
        std::string name;
        const Descriptor descriptor{system_, unless_interrupted([&] {
                                        name = path.string() + ".new-XXXXXX";
                                        return system_.make_temporary(name.data());
                                    })};
        if (!descriptor.open()) return file_error("Cannot write file", path, errno);

        const bool written = unless_interrupted([&] { return system_.set_mode(descriptor.number(), mode); }) == 0 &&
                             write_all(descriptor, content) && sync(descriptor);
        if (written) return fs::path{name};

        const int reason = errno;
        system_.unlink(name.c_str());
        return file_error("Cannot write file", path, reason);
    }

    /// Moves `from` to `to` unless something has that name. link + unlink where the kernel or the
    /// filesystem cannot rename so (macOS, some network filesystems).
    bool move_if_absent(const fs::path& from, const fs::path& to) {
        if (system_.rename_if_absent(from.c_str(), to.c_str()) == 0) return true;
        if (errno != EINVAL && errno != ENOSYS) return false;
        if (system_.link(from.c_str(), to.c_str()) != 0) return false;
        system_.unlink(from.c_str());
        return true;
    }

    SystemCalls& system_;
};

}  // namespace

Result<std::string> Files::read_front(const fs::path& path, std::size_t bytes) {
    auto content = read(path);
    if (content && content->size() > bytes) content->resize(bytes);
    return content;
}

Files& real_files() {
    static DiskFiles files{real_system_calls()};
    return files;
}

std::unique_ptr<Files> files_through(SystemCalls& system) { return std::make_unique<DiskFiles>(system); }

Error file_error(std::string_view what, const fs::path& path, int system_error) {
    const auto kind = system_error == ENOENT ? ErrorKind::not_found : system_error == EEXIST ? ErrorKind::conflict : ErrorKind::io;
    return Error{.kind = kind,
                 .summary = std::string{what},
                 .cause = fmt::format("{}: {}.", path.string(), std::strerror(system_error)),
                 .remedy = {}};
}

}  // namespace strata
