#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/system_calls.hpp"

namespace strata {

/// A folder of the machine's disk, and after each call what a power cut could leave of it. Nothing is ever synced for real.
///
/// The rules are POSIX's, and harder than those of most file systems. What survives for sure: of a file the content that it had when
/// it was last synced; of a folder the names that it had when it was last synced. Of what was written since, a part, nothing or zeros
/// may be there; of the changes of names since, each by itself may have been done or not, in any order.
class RecordedDisk final : public SystemCalls {
public:
    /// Content by path below the root; a folder ends in "/".
    using Image = std::map<std::string, std::string>;

    explicit RecordedDisk(std::filesystem::path root) : root_{std::move(root)} {}

    /// Calls so far that changed anything or made it durable: the points in time at which power can go.
    [[nodiscard]] std::size_t now() const { return log_.size(); }
    /// What a cut after `calls` calls can leave: everything that was done, only what was synced, and some between the two.
    [[nodiscard]] std::set<Image> after_power_cut(std::size_t calls, std::size_t between = 30) const;
    /// Puts an image on a real disk.
    static void restore(const Image& image, const std::filesystem::path& folder);

    int open(const char* path, int flags) override;
    int make_temporary(char* name) override;
    int set_mode(int descriptor, unsigned mode) override { return below_.set_mode(descriptor, mode); }
    ssize_t read(int descriptor, char* into, std::size_t size) override { return below_.read(descriptor, into, size); }
    ssize_t write(int descriptor, const char* from, std::size_t size) override;
    int sync(int descriptor) override;
    int close(int descriptor) override;
    int rename(const char* from, const char* to) override;
    int rename_if_absent(const char* from, const char* to) override;
    int link(const char* from, const char* to) override;
    int unlink(const char* path) override;
    int make_folder(const char* path, unsigned mode) override;

private:
    /// A file, or a folder: its number is its name for ever.
    using Node = std::size_t;
    struct Written {
        Node file;
        std::string content;
    };
    struct Synced {
        Node node;
    };
    /// Names of one folder that change together.
    struct Renamed {
        Node folder;
        std::string removed;
        std::string added;
        Node node;
    };
    struct Call {
        std::optional<Written> written = {};
        std::optional<Synced> synced = {};
        std::optional<Renamed> renamed = {};
    };
    /// What became of each thing that was not synced: asked with the number of its possible fates, the first "nothing of it".
    using Fate = std::function<std::size_t(std::size_t)>;

    [[nodiscard]] Image image(std::size_t calls, const Fate& fate) const;
    [[nodiscard]] std::size_t last_sync(Node node, std::size_t calls) const;
    [[nodiscard]] std::string content(Node file, std::size_t calls, const Fate& fate) const;
    [[nodiscard]] std::map<std::string, Node> names(Node folder, std::size_t calls, const Fate& fate) const;
    void put(Image& image, Node folder, const std::string& path, std::size_t calls, const Fate& fate) const;

    [[nodiscard]] std::string below_root(std::string_view path) const;
    Node node_of(const std::string& path);
    void note_names(std::string_view removed, std::string_view added, std::optional<Node> node);

    std::filesystem::path root_;
    SystemCalls& below_ = real_system_calls();
    std::map<std::string, Node> nodes_{{"", 0}};  ///< as running programs see them, by path; the root is 0
    std::set<Node> folders_{0};
    Node next_node_ = 1;
    std::map<int, Node> open_;
    std::vector<Call> log_;
};

}  // namespace strata
