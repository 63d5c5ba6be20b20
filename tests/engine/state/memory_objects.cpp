#include "tests/engine/state/memory_objects.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace strata {

namespace {

Error conflict(std::string_view name) {
    return {.kind = ErrorKind::conflict, .summary = "Somebody else wrote the object", .cause = std::string{name}, .remedy = {}};
}

}  // namespace

std::string MemoryObjects::location(std::string_view name) const { return fmt::format("memory/{}", name); }

Result<std::vector<std::optional<ObjectStore::Object>>> MemoryObjects::read(std::span<const std::string> names) {
    const std::scoped_lock hold{mutex_};
    std::vector<std::optional<Object>> found;
    for (const auto& name : names) {
        const auto at = objects_.find(name);
        found.push_back(at != objects_.end() ? std::optional{at->second} : std::nullopt);
    }
    return found;
}

std::string MemoryObjects::put_locked(const std::string& name, std::string content) {
    auto version = fmt::format("v{}", ++writes_);
    objects_[name] = {.content = std::move(content), .version = version};
    return version;
}

void MemoryObjects::put(const std::string& name, std::string content) {
    const std::scoped_lock hold{mutex_};
    put_locked(name, std::move(content));
}

Result<std::string> MemoryObjects::write(const std::string& name, std::string_view content, std::string_view expected) {
    const std::scoped_lock hold{mutex_};
    const auto at = objects_.find(name);
    const auto present = at != objects_.end() ? std::string_view{at->second.version} : std::string_view{};
    if (present != expected) return conflict(name);
    return put_locked(name, std::string{content});
}

Status MemoryObjects::copy(const std::string& from, const std::string& to, std::string_view expected) {
    const std::scoped_lock hold{mutex_};
    const auto at = objects_.find(from);
    if (at == objects_.end()) return Error{.kind = ErrorKind::not_found, .summary = "No such object", .cause = from, .remedy = {}};
    if (!expected.empty() && at->second.version != expected) return conflict(from);
    put_locked(to, std::string{at->second.content});
    return {};
}

Status MemoryObjects::remove(std::span<const std::string> names) {
    const std::scoped_lock hold{mutex_};
    for (const auto& name : names) objects_.erase(name);
    return {};
}

Result<std::vector<std::string>> MemoryObjects::list(const std::string& folder, const std::string& after) {
    const std::scoped_lock hold{mutex_};
    std::vector<std::string> names;
    const auto prefix = folder + "/";
    for (auto at = objects_.lower_bound(prefix); at != objects_.end() && at->first.starts_with(prefix); ++at)
        if (at->first.find('/', prefix.size()) == std::string::npos && at->first > after) names.push_back(at->first);
    return names;
}

Result<std::vector<std::string>> MemoryObjects::folders() {
    const std::scoped_lock hold{mutex_};
    std::vector<std::string> names;
    for (const auto& [name, object] : objects_) {
        const auto slash = name.find('/');
        if (slash == std::string::npos) continue;
        auto folder = name.substr(0, slash);
        if (std::ranges::find(names, folder) == names.end()) names.push_back(std::move(folder));
    }
    std::ranges::sort(names);
    return names;
}

MemoryObjects::Contents MemoryObjects::contents() const {
    const std::scoped_lock hold{mutex_};
    return objects_;
}

}  // namespace strata
