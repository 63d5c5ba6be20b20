#include "engine/state/folder_objects.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <set>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

namespace fs = std::filesystem;

/// Lets one process of this machine at a time compare and replace files of a folder; let go when it ends, however it ends.
class FolderGuard {
public:
    explicit FolderGuard(const fs::path& folder) : descriptor_{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
        while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0)
            if (errno != EINTR) {
                reason_ = errno;
                return;
            }
        if (descriptor_ < 0) reason_ = errno;
    }
    FolderGuard(const FolderGuard&) = delete;
    FolderGuard& operator=(const FolderGuard&) = delete;
    ~FolderGuard() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    /// Why it does not guard: an error number; 0 when it does.
    [[nodiscard]] int reason() const { return reason_; }

private:
    int descriptor_;
    int reason_ = 0;
};

Error changed_meanwhile(const fs::path& path) {
    return Error{.kind = ErrorKind::conflict,
                 .summary = "Somebody else wrote the file",
                 .cause = fmt::format("{} is not what this run has read.", path.string()),
                 .remedy = {}};
}

/// Of what this folder's readers take (JsonLimits); somebody else may have put more there.
constexpr std::size_t longest_object = JsonLimits{}.bytes;

Error too_large(const fs::path& path) {
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "State cannot be read",
                 .cause = fmt::format("file {}: it has more than {} MB.", path.string(), longest_object >> 20U),
                 .remedy = "Nothing was written. Put back what Strata wrote there: from a backup, or from a snapshot of before."};
}

/// At any depth: folders of objects that were removed stay.
bool holds_a_file(const fs::path& folder) {
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) return false;
    for (fs::recursive_directory_iterator at{folder, failure}, end; !failure && at != end; at.increment(failure))
        if (!at->is_directory(failure)) return true;
    return false;
}

class FolderObjects final : public ObjectStore {
public:
    FolderObjects(fs::path root, Files& files) : root_{std::move(root)}, files_{files} {}

    std::string location(std::string_view name) const override { return fmt::format("file {}", path_of(name).string()); }

    Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) override {
        std::vector<std::optional<Object>> objects;
        for (const auto& name : names) {
            auto one = read_one(path_of(name));
            if (!one) return std::move(one).error();
            objects.push_back(std::move(*one));
        }
        return objects;
    }

    Result<std::string> write(const std::string& name, std::string_view content, std::string_view expected) override {
        const auto path = path_of(name);
        if (auto made = files_.make_folder(path.parent_path()); !made) return std::move(made).error();
        auto written = expected.empty() ? files_.create(path, content) : replace_if(path, content, expected);
        if (!written) return std::move(written).error();
        return sha256_hex(content);
    }

    Status copy(const std::string& from, const std::string& to, std::string_view expected) override {
        const auto content = files_.read(path_of(from));
        if (!content) return content.error();
        if (!expected.empty() && sha256_hex(*content) != expected) return changed_meanwhile(path_of(from));
        if (auto made = files_.make_folder(path_of(to).parent_path()); !made) return made;
        return files_.replace(path_of(to), *content);
    }

    Status remove(std::span<const std::string> names) override {
        std::set<fs::path> changed;
        for (const auto& name : names) {
            const auto removed = files_.remove(path_of(name));
            if (!removed && removed.error().kind != ErrorKind::not_found) return removed;
            if (removed) changed.insert(path_of(name).parent_path());
        }
        for (const auto& folder : changed)
            if (auto synced = files_.sync_folder(folder); !synced) return synced;
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& folder, const std::string& after) override {
        auto found = files_.list(path_of(folder));
        if (!found) return found;
        std::vector<std::string> names;
        for (const auto& file : *found) {
            // What a crash left of a file that was being written.
            if (file.find(".new-") != std::string::npos) continue;
            auto name = fmt::format("{}/{}", folder, file);
            std::error_code failure;
            if (name > after && !fs::is_directory(path_of(name), failure)) names.push_back(std::move(name));
        }
        return names;
    }

    Result<std::vector<std::string>> folders() override {
        auto found = files_.list(root_);
        if (!found) return found;
        std::erase_if(*found, [&](const std::string& name) { return !holds_a_file(root_ / name); });
        return found;
    }

    bool wants_probe() const override { return false; }

private:
    [[nodiscard]] fs::path path_of(std::string_view name) const { return root_ / name; }

    Result<std::optional<Object>> read_one(const fs::path& path) {
        std::error_code failure;
        if (fs::is_directory(path, failure)) return std::optional<Object>{};
        auto content = files_.read_front(path, longest_object + 1);
        if (!content && content.error().kind == ErrorKind::not_found) return std::optional<Object>{};
        if (!content) return std::move(content).error();
        if (content->size() > longest_object) return too_large(path);
        auto version = sha256_hex(*content);
        return std::optional{Object{.content = std::move(*content), .version = std::move(version)}};
    }

    Status replace_if(const fs::path& path, std::string_view content, std::string_view expected) {
        const FolderGuard guard{path.parent_path()};
        if (guard.reason() != 0) return file_error("Cannot lock folder", path.parent_path(), guard.reason());
        const auto present = read_one(path);
        if (!present) return present.error();
        if (const auto& object = *present; !object || object->version != expected) return changed_meanwhile(path);
        return files_.replace(path, content);
    }

    fs::path root_;
    Files& files_;
};

}  // namespace

std::unique_ptr<ObjectStore> folder_objects(fs::path root, Files& files) { return std::make_unique<FolderObjects>(std::move(root), files); }

}  // namespace strata
