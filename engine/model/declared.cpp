#include "engine/model/declared.hpp"

namespace strata {

std::string joined_path(std::string_view prefix, std::string_view step) {
    if (prefix.empty()) return std::string{step};
    if (step.empty()) return std::string{prefix};
    std::string path{prefix};
    if (step.front() != '[') path += '.';
    path += step;
    return path;
}

void Locations::add_below(std::string_view prefix, const Locations& inner) {
    for (const auto& entry : inner.entries_) entries_.push_back({joined_path(prefix, entry.path), entry.file, entry.line});
}

Location Locations::find(std::string_view path) const {
    const Entry* best = nullptr;
    for (const auto& entry : entries_) {
        const bool around = path.starts_with(entry.path) && (entry.path.empty() || path.size() == entry.path.size() ||
                                                             path[entry.path.size()] == '.' || path[entry.path.size()] == '[');
        if (around && (best == nullptr || entry.path.size() >= best->path.size())) best = &entry;
    }
    if (best == nullptr) return {};
    return {best->file, best->line};
}

}  // namespace strata
