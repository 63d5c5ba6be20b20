#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace strata {

class SystemCalls;

/// The disk as the engine uses it: few, whole, durable operations.
class Files {
public:
    virtual ~Files() = default;

    /// Whole content. @errors not_found when there is no such file, else io
    virtual Result<std::string> read(const std::filesystem::path& path) = 0;

    /// The first `bytes` of it, all when it is shorter: for a file that somebody else wrote. A reader that takes at most N bytes
    /// asks for one more, and so sees that there is more. @errors as read()
    virtual Result<std::string> read_front(const std::filesystem::path& path, std::size_t bytes);

    /// Replaces `path` by `content` so that a reader, or the next process after a power cut, finds the
    /// old or the new content, whole: temporary file, fsync, rename, fsync of the folder.
    /// @param mode permission bits of the new file
    virtual Status replace(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600) = 0;

    /// Makes `path` with `content`, durable as above, only when nothing has that name.
    /// @errors conflict when something has
    virtual Status create(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600) = 0;

    /// May be undone by a power cut, until sync_folder().
    virtual Status remove(const std::filesystem::path& path) = 0;
    /// Makes durable what was removed from the folder: a thousand removals wait for the disk once.
    virtual Status sync_folder(const std::filesystem::path& path) = 0;
    /// Makes the folder and those above it (mode 0700).
    virtual Status make_folder(const std::filesystem::path& path) = 0;
    /// Names in the folder, sorted; empty when the folder is not there.
    virtual Result<std::vector<std::string>> list(const std::filesystem::path& path) = 0;
};

/// The machine's disk.
Files& real_files();
/// A disk that is reached through `system`, which must outlive it.
std::unique_ptr<Files> files_through(SystemCalls& system);

/// An io error in the house's words: what could not be done, where, and the system's reason.
Error file_error(std::string_view what, const std::filesystem::path& path, int system_error);

}  // namespace strata
