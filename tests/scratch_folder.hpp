#pragma once

#include <unistd.h>
#include <filesystem>
#include <string>

#include "engine/base/crypto.hpp"

namespace strata {

/// An empty folder of a test's own, under the system's temporary folder, that goes when the test ends.
/// Its name is random: ctest runs every test as a process, several at once, so a fixed name is another test's too.
class ScratchFolder {
public:
    explicit ScratchFolder(const std::filesystem::path& above = std::filesystem::temp_directory_path())
        : path{above / ("strata-test-" + random_token())} {
        std::filesystem::create_directories(path);
    }
    /// A folder above that lies in memory, where there is one: for tests that make thousands of files and need none of them durable.
    static std::filesystem::path in_memory() {
        const std::filesystem::path folder = "/dev/shm";
        return ::access(folder.c_str(), W_OK) == 0 ? folder : std::filesystem::temp_directory_path();
    }
    ~ScratchFolder() { std::filesystem::remove_all(path); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path / name; }

    const std::filesystem::path path;
};

}  // namespace strata
