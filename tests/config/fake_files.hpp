#pragma once

#include <cerrno>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/environment.hpp"
#include "engine/base/files.hpp"

namespace strata {

/// Files in memory, as one folder level knows them.
class FakeFiles final : public Files {
public:
    explicit FakeFiles(std::map<std::string, std::string> content = {}) : content_{std::move(content)} {}

    Result<std::string> read(const std::filesystem::path& path) override {
        const auto found = content_.find(path.string());
        if (found == content_.end()) return file_error("Cannot read file", path, ENOENT);
        return found->second;
    }
    Status replace(const std::filesystem::path& path, std::string_view content, unsigned mode) override {
        ++writes;
        content_[path.string()] = content;
        modes[path.string()] = mode;
        return {};
    }
    Status create(const std::filesystem::path& path, std::string_view content, unsigned mode) override {
        if (content_.contains(path.string())) return file_error("Cannot create file", path, EEXIST);
        return replace(path, content, mode);
    }
    Status remove(const std::filesystem::path& path) override {
        content_.erase(path.string());
        return {};
    }
    Status sync_folder(const std::filesystem::path&) override { return {}; }
    Status make_folder(const std::filesystem::path&) override { return {}; }
    Result<std::vector<std::string>> list(const std::filesystem::path& path) override {
        std::vector<std::string> names;
        for (const auto& entry : content_) {
            const std::filesystem::path file{entry.first};
            if (file.parent_path() == path) names.push_back(file.filename().string());
        }
        return names;
    }

    std::size_t writes = 0;
    std::map<std::string, unsigned> modes;

private:
    std::map<std::string, std::string> content_;
};

inline Variables no_variables() {
    return [](std::string_view) { return std::optional<std::string>{}; };
}
/// STRATA_PASSPHRASE, and with two STRATA_NEW_PASSPHRASE too.
inline Variables passphrases(std::string present, std::string renewed) {
    return fixed_environment({{"STRATA_PASSPHRASE", std::move(present)}, {"STRATA_NEW_PASSPHRASE", std::move(renewed)}});
}
inline Variables passphrase(std::string text) {
    return [text = std::move(text)](std::string_view name) { return name == "STRATA_PASSPHRASE" ? std::optional{text} : std::nullopt; };
}

}  // namespace strata
