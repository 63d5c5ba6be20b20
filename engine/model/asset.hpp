#pragma once

#include <filesystem>
#include <map>
#include <source_location>
#include <string>

#include "engine/base/value.hpp"
#include "engine/model/stack.hpp"

namespace strata {

// Content from this machine, for properties that carry bytes (`s3::Object::body`). State and plans hold its hash, never the
// bytes. Paths are taken from the current folder. What cannot be read is a mistake of the program at `where`, told together
// with all others; the Asset that is then returned is empty.

/// A file as it is.
Asset file_asset(const Scope& scope, const std::filesystem::path& file,
                 const std::source_location& where = std::source_location::current());

/// Every file below a folder, by its path in it ("jobs/clean.py"): one object each. Symbolic links to files count as files.
std::map<std::string, Asset> folder_assets(const Scope& scope, const std::filesystem::path& folder,
                                           const std::source_location& where = std::source_location::current());

/// A folder as one zip archive, made at .strata/assets/<sha256>.zip. The hash is over names, contents and the executable bit,
/// so touching a file, another machine or another compression library change nothing.
Asset zip_asset(const Scope& scope, const std::filesystem::path& folder,
                const std::source_location& where = std::source_location::current());

}  // namespace strata
