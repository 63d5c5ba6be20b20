#include "engine/model/declared.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace strata {

namespace {

/// True when `path` is `around` or a part inside it.
bool is_inside(std::string_view path, std::string_view around) {
    return path.starts_with(around) &&
           (around.empty() || path.size() == around.size() || path[around.size()] == '.' || path[around.size()] == '[');
}

std::string_view parent_of(std::string_view path) {
    const auto at = path.find_last_of(".[");
    return at == std::string_view::npos ? std::string_view{} : path.substr(0, at);
}

/// "[1].Name" of a list's items, for a list that stands at `prefix` and holds `first` items before them: "Subnets[4].Name".
/// Empty when `path` is not inside an item.
std::optional<std::string> moved_item(std::string_view path, std::string_view prefix, std::size_t first) {
    std::size_t index = 0;
    if (!path.starts_with('[')) return std::nullopt;
    const auto [close, failure] = std::from_chars(path.data() + 1, path.data() + path.size(), index);
    if (failure != std::errc{}) return std::nullopt;
    return fmt::format("{}[{}{}", prefix, first + index, std::string_view{close, path.data() + path.size()});
}

}  // namespace

std::string joined_path(std::string_view prefix, std::string_view step) {
    if (prefix.empty()) return std::string{step};
    if (step.empty()) return std::string{prefix};
    std::string path{prefix};
    if (step.front() != '[') path += '.';
    path += step;
    return path;
}

void Locations::add_below(std::string_view prefix, const Locations& inner, bool whole_exact) {
    for (const auto& path : inner.unchecked_) unchecked_.push_back(joined_path(prefix, path));
    for (const auto& entry : inner.entries_)
        entries_.push_back({joined_path(prefix, entry.path), entry.file, entry.line, entry.exact && (whole_exact || !entry.path.empty())});
}

void Locations::add_items_below(std::string_view prefix, std::size_t first, const Locations& items) {
    for (const auto& entry : items.entries_)
        if (auto path = moved_item(entry.path, prefix, first)) entries_.push_back({std::move(*path), entry.file, entry.line, entry.exact});
    for (const auto& unchecked : items.unchecked_)
        if (auto path = moved_item(unchecked, prefix, first)) unchecked_.push_back(std::move(*path));
}

bool Locations::is_unchecked(std::string_view path) const {
    return std::ranges::any_of(unchecked_, [&](const std::string& around) { return is_inside(path, around); });
}

Location Locations::find(std::string_view path) const {
    const Entry* best = nullptr;
    for (const auto& entry : entries_)
        if (is_inside(path, entry.path) && (best == nullptr || entry.path.size() >= best->path.size())) best = &entry;
    if (best == nullptr) return {};
    if (const auto* nearest = best->exact ? nullptr : nearest_exact(*best)) best = nearest;
    return {best->file, best->line};
}

/// nullptr when nothing in that file has a line of its own.
const Locations::Entry* Locations::nearest_exact(const Entry& to) const {
    const auto distance = [&](const Entry& entry) { return &entry < &to ? &to - &entry : &entry - &to; };
    for (std::string_view around = to.path;; around = parent_of(around)) {
        const Entry* nearest = nullptr;
        for (const auto& entry : entries_)
            if (entry.exact && std::string_view{entry.file} == to.file && is_inside(entry.path, around) &&
                (nearest == nullptr || distance(entry) < distance(*nearest)))
                nearest = &entry;
        if (nearest != nullptr || around.empty()) return nearest;
    }
}

}  // namespace strata
