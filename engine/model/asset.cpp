#include "engine/model/asset.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/zip.hpp"

namespace strata {

namespace {

namespace fs = std::filesystem;

const fs::path archives = ".strata/assets";

void report(const Scope& scope, const fs::path& path, std::string_view reason, const std::source_location& where) {
    const auto place = Location::of(where);
    scope.stack().graph().diagnostics().error({.kind = ErrorKind::invalid_program,
                                               .summary = "Asset cannot be read",
                                               .cause = fmt::format("{}: \"{}\": {}.", place.text(), path.string(), reason),
                                               .remedy = "Paths are taken from the folder in which strata runs.",
                                               .location = place});
}

Error unreadable(const std::error_code& reason) { return {.kind = ErrorKind::io, .summary = {}, .cause = reason.message(), .remedy = {}}; }

/// Hash and size, read piece by piece. Of an Error, the cause alone.
Result<Asset> asset_of(const fs::path& file) {
    std::error_code failure;
    const auto status = fs::status(file, failure);
    if (failure) return unreadable(failure);
    if (!fs::is_regular_file(status)) return unreadable(std::make_error_code(std::errc::is_a_directory));
    std::ifstream in{file, std::ios::binary};
    if (!in) return unreadable({errno, std::system_category()});
    Asset asset{.path = file.string(), .sha256 = {}, .size = 0};
    Sha256 hash;
    std::array<char, 65536> piece{};
    while (in) {
        in.read(piece.data(), piece.size());
        const auto count = static_cast<std::size_t>(in.gcount());
        hash.add({piece.data(), count});
        asset.size += count;
    }
    if (in.bad()) return unreadable(std::make_error_code(std::errc::io_error));
    asset.sha256 = hash.finish_hex();
    return asset;
}

bool is_executable(const fs::path& file) {
    std::error_code ignored;
    return (fs::status(file, ignored).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

/// What stands for an archive: its entries, not the bytes that a compression library makes of them.
std::string hash_of(const std::map<std::string, Asset>& files, const std::vector<ZipEntry>& entries) {
    Sha256 hash;
    for (const auto& entry : entries)
        hash.add(fmt::format("{}\n{}\n{}\n", entry.name, files.at(entry.name).sha256, entry.executable ? "755" : "644"));
    return hash.finish_hex();
}

}  // namespace

Asset file_asset(const Scope& scope, const fs::path& file, const std::source_location& where) {
    auto asset = asset_of(file);
    if (asset) return std::move(asset).value();
    report(scope, file, asset.error().cause, where);
    return {};
}

std::map<std::string, Asset> folder_assets(const Scope& scope, const fs::path& folder, const std::source_location& where) {
    std::map<std::string, Asset> found;
    std::error_code failure;
    for (fs::recursive_directory_iterator at{folder, failure}, end; !failure && at != end; at.increment(failure))
        if (at->is_regular_file(failure))
            found.emplace(at->path().lexically_relative(folder).generic_string(), file_asset(scope, at->path(), where));
    if (failure) report(scope, folder, failure.message(), where);
    return found;
}

Asset zip_asset(const Scope& scope, const fs::path& folder, const std::source_location& where) {
    const auto files = folder_assets(scope, folder, where);
    if (files.empty()) {
        if (fs::is_directory(folder)) report(scope, folder, "the folder holds no file", where);
        return {};
    }
    std::vector<ZipEntry> entries;
    for (const auto& [name, asset] : files) entries.push_back({.name = name, .file = asset.path, .executable = is_executable(asset.path)});
    Asset archive{.path = {}, .sha256 = hash_of(files, entries), .size = 0};
    const auto path = archives / (archive.sha256 + ".zip");
    std::error_code failure;
    if (!fs::exists(path, failure)) {
        fs::create_directories(archives, failure);
        if (const auto written = write_zip(path, entries); !written) {
            scope.stack().graph().diagnostics().error(written.error());
            return {};
        }
    }
    archive.path = path.string();
    archive.size = fs::file_size(path, failure);
    return archive;
}

}  // namespace strata
