#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "engine/base/error.hpp"

namespace strata {

/// A file that goes into an archive.
struct ZipEntry {
    std::string name;            ///< in the archive, with slashes
    std::filesystem::path file;  ///< on this machine
    bool executable = false;     ///< unpacked with mode 0755 instead of 0644
};

/// Writes a zip archive, whole or not at all. Times and owners are left out, so that the same entries in the same order
/// give the same bytes on every machine with the same compression library.
/// @errors io
Status write_zip(const std::filesystem::path& archive, std::span<const ZipEntry> entries);

}  // namespace strata
