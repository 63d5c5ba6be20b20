#include "engine/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

namespace strata {

namespace {

namespace fs = std::filesystem;

/// An open file descriptor that is closed when it goes.
class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] bool open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Status sync_folder(const fs::path& folder) {
    const Descriptor descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!descriptor.open() || ::fsync(descriptor.number()) != 0) return file_error("Cannot sync folder", folder, errno);
    return {};
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path{"."}; }

/// Writes and syncs a temporary file beside `path`; removes it again when that fails.
Result<fs::path> write_beside(const fs::path& path, std::string_view content, unsigned mode) {
    std::string name = path.string() + ".new-XXXXXX";
    const Descriptor descriptor{::mkostemp(name.data(), O_CLOEXEC)};
    if (!descriptor.open()) return file_error("Cannot write file", path, errno);

    const bool written =
        ::fchmod(descriptor.number(), mode) == 0 && write_all(descriptor.number(), content) && ::fsync(descriptor.number()) == 0;
    if (written) return fs::path{name};

    const int reason = errno;
    ::unlink(name.c_str());
    return file_error("Cannot write file", path, reason);
}

/// Moves `from` to `to` unless something has that name. link + unlink where the kernel or the
/// filesystem cannot rename so (macOS, some network filesystems).
bool move_if_absent(const fs::path& from, const fs::path& to) {
#ifdef RENAME_NOREPLACE
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
#endif
    if (::link(from.c_str(), to.c_str()) != 0) return false;
    ::unlink(from.c_str());
    return true;
}

class RealFiles final : public Files {
public:
    Result<std::string> read(const fs::path& path) override {
        const Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!descriptor.open()) return file_error("Cannot read file", path, errno);
        std::string content;
        std::array<char, 65536> block{};
        while (true) {
            const auto count = ::read(descriptor.number(), block.data(), block.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return file_error("Cannot read file", path, errno);
            if (count == 0) return content;
            content.append(block.data(), static_cast<std::size_t>(count));
        }
    }

    Status replace(const fs::path& path, std::string_view content, unsigned mode) override {
        const auto fresh = write_beside(path, content, mode);
        if (!fresh) return fresh.error();
        if (::rename(fresh->c_str(), path.c_str()) != 0) {
            const int reason = errno;
            ::unlink(fresh->c_str());
            return file_error("Cannot write file", path, reason);
        }
        return sync_folder(folder_of(path));
    }

    Status create(const fs::path& path, std::string_view content, unsigned mode) override {
        const auto fresh = write_beside(path, content, mode);
        if (!fresh) return fresh.error();
        if (!move_if_absent(*fresh, path)) {
            const int reason = errno;
            ::unlink(fresh->c_str());
            return file_error("Cannot create file", path, reason);
        }
        return sync_folder(folder_of(path));
    }

    // Not synced: a thousand journal segments that a snapshot has folded in would wait for the disk a thousand times, and what comes back
    // after a power cut is passed over by its number.
    Status remove(const fs::path& path) override {
        if (::unlink(path.c_str()) != 0) return file_error("Cannot remove file", path, errno);
        return {};
    }

    Status make_folder(const fs::path& path) override {
        std::error_code failure;
        if (fs::is_directory(path, failure)) return {};
        const auto above = folder_of(path);
        if (above != path && !fs::is_directory(above, failure))
            if (auto made = make_folder(above); !made) return made;
        if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return file_error("Cannot make folder", path, errno);
        return {};
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
};

}  // namespace

Files& real_files() {
    static RealFiles files;
    return files;
}

Error file_error(std::string_view what, const fs::path& path, int system_error) {
    const auto kind = system_error == ENOENT ? ErrorKind::not_found : system_error == EEXIST ? ErrorKind::conflict : ErrorKind::io;
    return Error{.kind = kind,
                 .summary = std::string{what},
                 .cause = fmt::format("{}: {}.", path.string(), std::strerror(system_error)),
                 .remedy = {}};
}

}  // namespace strata
