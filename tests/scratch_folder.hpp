#pragma once

#include <filesystem>
#include <string>

#include "engine/base/crypto.hpp"

namespace strata {

/// An empty folder of a test's own, under the system's temporary folder, that goes when the test ends.
/// Its name is random: ctest runs every test as a process, several at once, so a fixed name is another test's too.
class ScratchFolder {
public:
    ScratchFolder() { std::filesystem::create_directories(path); }
    ~ScratchFolder() { std::filesystem::remove_all(path); }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path / name; }

    const std::filesystem::path path = std::filesystem::temp_directory_path() / ("strata-test-" + random_token());
};

}  // namespace strata
