#include "engine/base/zip.hpp"

#include <zip.h>

#include <memory>
#include <system_error>

#include <fmt/format.h>

namespace strata {

namespace {

namespace fs = std::filesystem;

/// The first moment that a zip archive can express (1980-01-01), in its own form.
constexpr zip_uint16_t first_day = (1U << 5U) | 1U;
constexpr zip_uint32_t plain_mode = 0100644U << 16U;
constexpr zip_uint32_t executable_mode = 0100755U << 16U;

struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};

Error zip_failure(const fs::path& archive, const std::string& reason) {
    return {.kind = ErrorKind::io,
            .summary = "Cannot write an archive",
            .cause = fmt::format("{}: {}.", archive.string(), reason),
            .remedy = "Check that the folder can be written to and that the disk has room."};
}

/// @return empty when it went in, else why not
std::string add(zip_t* archive, const ZipEntry& entry) {
    auto* content = zip_source_file(archive, entry.file.c_str(), 0, -1);
    if (content == nullptr) return zip_strerror(archive);
    const auto index = zip_file_add(archive, entry.name.c_str(), content, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(content);
        return zip_strerror(archive);
    }
    const auto at = static_cast<zip_uint64_t>(index);
    const auto mode = entry.executable ? executable_mode : plain_mode;
    const bool set = zip_file_set_dostime(archive, at, 0, first_day, 0) == 0 &&
                     zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, mode) == 0;
    return set ? std::string{} : zip_strerror(archive);
}

}  // namespace

Status write_zip(const fs::path& archive, std::span<const ZipEntry> entries) {
    auto unfinished = archive;
    unfinished += ".new";
    int code = 0;
    std::unique_ptr<zip_t, Discard> zip{zip_open(unfinished.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code)};
    if (!zip) return zip_failure(archive, std::system_category().message(errno));
    for (const auto& entry : entries)
        if (const auto reason = add(zip.get(), entry); !reason.empty()) return zip_failure(archive, entry.file.string() + ": " + reason);
    if (zip_close(zip.get()) != 0) return zip_failure(archive, zip_strerror(zip.get()));
    [[maybe_unused]] const auto* closed = zip.release();

    std::error_code failure;
    fs::rename(unfinished, archive, failure);
    if (failure) return zip_failure(archive, failure.message());
    return {};
}

}  // namespace strata
