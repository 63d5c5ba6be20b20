#include "tests/engine/base/recorded_disk.hpp"

#include <algorithm>
#include <fstream>
#include <random>

namespace strata {

namespace {

std::string folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string{} : std::string{path.substr(0, slash)};
}

std::string name_of(std::string_view path) { return std::string{path.substr(path.rfind('/') + 1)}; }

}  // namespace

// --- what is done ---

std::string RecordedDisk::below_root(std::string_view path) const {
    const auto relative = std::filesystem::path{path}.lexically_normal().lexically_relative(root_.lexically_normal()).string();
    return relative == "." ? std::string{} : relative;
}

RecordedDisk::Node RecordedDisk::node_of(const std::string& path) {
    const auto [at, fresh] = nodes_.emplace(path, next_node_);
    if (fresh) ++next_node_;
    return at->second;
}

int RecordedDisk::open(const char* path, int flags) {
    const auto descriptor = below_.open(path, flags);
    if (descriptor >= 0) open_[descriptor] = node_of(below_root(path));
    return descriptor;
}

int RecordedDisk::make_temporary(char* name) {
    const auto descriptor = below_.make_temporary(name);
    if (descriptor < 0) return descriptor;
    open_[descriptor] = next_node_;
    note_names({}, name, next_node_++);
    return descriptor;
}

ssize_t RecordedDisk::write(int descriptor, const char* from, std::size_t size) {
    const auto written = below_.write(descriptor, from, size);
    if (written > 0) log_.push_back({.written = Written{open_.at(descriptor), std::string(from, static_cast<std::size_t>(written))}});
    return written;
}

int RecordedDisk::sync(int descriptor) {
    log_.push_back({.synced = Synced{open_.at(descriptor)}});
    return 0;
}

int RecordedDisk::close(int descriptor) {
    open_.erase(descriptor);
    return below_.close(descriptor);
}

int RecordedDisk::rename(const char* from, const char* to) {
    const auto result = below_.rename(from, to);
    if (result == 0) note_names(from, to, {});
    return result;
}

int RecordedDisk::rename_if_absent(const char* from, const char* to) {
    const auto result = below_.rename_if_absent(from, to);
    if (result == 0) note_names(from, to, {});
    return result;
}

int RecordedDisk::link(const char* from, const char* to) {
    const auto result = below_.link(from, to);
    if (result == 0) note_names({}, to, nodes_.at(below_root(from)));
    return result;
}

int RecordedDisk::unlink(const char* path) {
    const auto result = below_.unlink(path);
    if (result == 0) note_names(path, {}, {});
    return result;
}

int RecordedDisk::make_folder(const char* path, unsigned mode) {
    const auto result = below_.make_folder(path, mode);
    if (result != 0) return result;
    folders_.insert(next_node_);
    note_names({}, path, next_node_++);
    return result;
}

/// @param node  of the added name; empty: the one that the removed name had
void RecordedDisk::note_names(std::string_view removed, std::string_view added, std::optional<Node> node) {
    const auto gone = removed.empty() ? std::string{} : below_root(removed);
    const auto there = added.empty() ? std::string{} : below_root(added);
    Renamed change{.folder = node_of(folder_of(there.empty() ? gone : there)), .removed = {}, .added = {}, .node = node.value_or(0)};
    if (!gone.empty()) {
        change.removed = name_of(gone);
        if (!node && !there.empty()) change.node = nodes_.at(gone);
        nodes_.erase(gone);
    }
    if (!there.empty()) {
        change.added = name_of(there);
        nodes_[there] = change.node;
    }
    log_.push_back({.renamed = std::move(change)});
}

// --- what is left ---

std::size_t RecordedDisk::last_sync(Node node, std::size_t calls) const {
    for (auto i = calls; i > 0; --i)
        if (const auto& synced = log_[i - 1].synced; synced && synced->node == node) return i;
    return 0;
}

std::string RecordedDisk::content(Node file, std::size_t calls, const Fate& fate) const {
    std::string durable;
    std::string since;
    const auto synced = last_sync(file, calls);
    for (std::size_t i = 0; i < calls; ++i)
        if (const auto& written = log_[i].written; written && written->file == file) (i < synced ? durable : since) += written->content;
    if (since.empty()) return durable;
    switch (fate(4)) {
        case 0: return durable;
        case 1: return durable + since.substr(0, since.size() / 2);
        case 2: return durable + std::string(since.size(), '\0');
        default: return durable + since;
    }
}

std::map<std::string, RecordedDisk::Node> RecordedDisk::names(Node folder, std::size_t calls, const Fate& fate) const {
    std::map<std::string, Node> names;
    const auto synced = last_sync(folder, calls);
    for (std::size_t i = 0; i < calls; ++i) {
        const auto& change = log_[i].renamed;
        if (!change || change->folder != folder) continue;
        if (i >= synced && fate(2) == 0) continue;
        if (!change->removed.empty()) names.erase(change->removed);
        if (!change->added.empty()) names[change->added] = change->node;
    }
    return names;
}

void RecordedDisk::put(Image& image, Node folder, const std::string& path, std::size_t calls, const Fate& fate) const {
    for (const auto& [name, node] : names(folder, calls, fate)) {
        const auto whole = path + name;
        if (!folders_.contains(node)) {
            image[whole] = content(node, calls, fate);
            continue;
        }
        image[whole + "/"] = {};
        put(image, node, whole + "/", calls, fate);
    }
}

RecordedDisk::Image RecordedDisk::image(std::size_t calls, const Fate& fate) const {
    Image image;
    put(image, 0, {}, calls, fate);
    return image;
}

std::set<RecordedDisk::Image> RecordedDisk::after_power_cut(std::size_t calls, std::size_t between) const {
    std::size_t questions = 0;
    std::set<Image> images;
    images.insert(image(calls, [&](std::size_t fates) {
        ++questions;
        return fates - 1;
    }));
    images.insert(image(calls, [](std::size_t) { return std::size_t{0}; }));
    if (questions == 0) return images;
    std::mt19937 random{static_cast<std::mt19937::result_type>(calls)};
    for (std::size_t i = 0; i < between; ++i)
        images.insert(image(calls, [&](std::size_t fates) { return static_cast<std::size_t>(random()) % fates; }));
    return images;
}

void RecordedDisk::restore(const Image& image, const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    for (const auto& [path, content] : image) {
        if (path.ends_with('/')) std::filesystem::create_directory(folder / path);
        else std::ofstream{folder / path, std::ios::binary} << content;
    }
}

}  // namespace strata
