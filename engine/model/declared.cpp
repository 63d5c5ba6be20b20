#include "engine/model/declared.hpp"

#include <charconv>

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
    for (const auto& entry : inner.entries_)
        entries_.push_back({joined_path(prefix, entry.path), entry.file, entry.line, entry.exact && (whole_exact || !entry.path.empty())});
}

void Locations::add_items_below(std::string_view prefix, std::size_t first, const Locations& items) {
    for (const auto& entry : items.entries_) {
        std::size_t index = 0;
        const auto* const end = entry.path.data() + entry.path.size();
        if (!entry.path.starts_with('[')) continue;
        const auto [close, failure] = std::from_chars(entry.path.data() + 1, end, index);
        if (failure != std::errc{}) continue;
        entries_.push_back(
            {fmt::format("{}[{}{}", prefix, first + index, std::string_view{close, end}), entry.file, entry.line, entry.exact});
    }
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
