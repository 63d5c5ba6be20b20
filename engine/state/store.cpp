#include "engine/state/store.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace strata {

namespace {

std::string numbered(std::string_view folder, std::uint64_t serial) { return fmt::format("{}/{:012}.json", folder, serial); }

/// 12 of "foundation/journal/000000000012.json"; empty for a name of another form.
std::optional<std::uint64_t> serial_of(std::string_view name) {
    name.remove_prefix(name.rfind('/') + 1);
    std::uint64_t serial = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), serial);
    const auto rest = name.substr(static_cast<std::size_t>(end - name.data()));
    return failure == std::errc{} && rest == ".json" ? std::optional{serial} : std::nullopt;
}

Error not_saved(Error why) {
    if (why.kind == ErrorKind::conflict) return why;
    why.kind = ErrorKind::state_not_saved;
    if (why.remedy.empty())
        why.remedy =
            "See that the place of the state can be written to and has room; \"state\" in the environment's configuration names it.";
    return why;
}

/// What cannot be reached, or may not be read, is not damaged for that: only a file that the disk does not give is.
Error unreadable(Error why) {
    if (why.kind != ErrorKind::io) return why;
    why.kind = ErrorKind::state_unreadable;
    if (why.remedy.empty()) why.remedy = "Nothing was written. Make it readable, or restore it from a backup.";
    return why;
}

Error changed_by_another(const std::string& where) {
    return Error{.kind = ErrorKind::conflict,
                 .summary = "State was changed by another run",
                 .cause = fmt::format("{} is not what this run has read.", where),
                 .remedy = "Run the command again: it starts from the state as it is now."};
}

Status saved(Status status) {
    if (!status) return not_saved(std::move(status).error());
    return status;
}

}  // namespace

Result<std::optional<StateStore::Snapshot>> StateStore::read_snapshot() {
    auto found = objects_.read(std::array{snapshot_name()});
    if (!found) return unreadable(std::move(found).error());
    auto& object = found->front();
    if (!object) return std::optional<Snapshot>{};
    return std::optional{Snapshot{.content = std::move(object->content), .version = std::move(object->version)}};
}

Result<std::string> StateStore::write_snapshot(std::string_view content, std::string_view expected) {
    auto written = objects_.write(snapshot_name(), content, expected);
    if (written) return written;
    if (written.error().kind != ErrorKind::conflict) return not_saved(std::move(written).error());
    return changed_by_another(objects_.location(snapshot_name()));
}

Result<std::vector<StateStore::Segment>> StateStore::read_segments(std::uint64_t after) {
    auto names = objects_.list(journal(), numbered(journal(), after));
    if (!names) return unreadable(std::move(names).error());
    std::erase_if(*names, [](const std::string& name) { return !serial_of(name); });
    if (names->empty()) return std::vector<Segment>{};
    auto found = objects_.read(*names);
    if (!found) return unreadable(std::move(found).error());
    std::vector<Segment> segments;
    // One that went between the list and the read was folded into a snapshot meanwhile; the reader sees the gap.
    for (std::size_t i = 0; i < names->size(); ++i)
        if (auto& object = (*found)[i])
            segments.push_back({.serial = serial_of((*names)[i]).value_or(0), .content = std::move(object->content)});
    return segments;
}

Status StateStore::create_segment(std::uint64_t serial, std::string_view content) {
    auto written = objects_.write(numbered(journal(), serial), content, {});
    if (!written) return not_saved(std::move(written).error());
    return {};
}

Status StateStore::remove_segments(const std::function<bool(std::uint64_t)>& unwanted) {
    auto names = objects_.list(journal(), {});
    if (!names) return saved(std::move(names).error());
    std::erase_if(*names, [&](const std::string& name) {
        const auto serial = serial_of(name);
        return !serial || !unwanted(*serial);
    });
    return names->empty() ? Status{} : saved(objects_.remove(*names));
}

Status StateStore::keep_snapshot(std::uint64_t serial, std::string_view version) {
    auto kept = objects_.copy(snapshot_name(), numbered(history(), serial), version);
    if (kept || kept.error().kind != ErrorKind::conflict) return saved(std::move(kept));
    return changed_by_another(objects_.location(snapshot_name()));
}

Result<std::vector<std::uint64_t>> StateStore::kept_snapshots() {
    const auto names = objects_.list(history(), {});
    if (!names) return unreadable(names.error());
    std::vector<std::uint64_t> serials;
    for (const auto& name : *names)
        if (const auto serial = serial_of(name)) serials.push_back(*serial);
    return serials;
}

Result<std::string> StateStore::read_kept_snapshot(std::uint64_t serial) {
    const auto name = numbered(history(), serial);
    auto found = objects_.read(std::array{name});
    if (!found) return unreadable(std::move(found).error());
    auto& object = found->front();
    if (!object)
        return Error{.kind = ErrorKind::state_unreadable,
                     .summary = "A state of before is gone",
                     .cause = fmt::format("{} is not there.", objects_.location(name)),
                     .remedy = "See which are kept:\n  strata state history"};
    return std::move(object->content);
}

Status StateStore::remove_kept_snapshots(std::span<const std::uint64_t> serials) {
    std::vector<std::string> names;
    for (const auto serial : serials) names.push_back(numbered(history(), serial));
    return names.empty() ? Status{} : saved(objects_.remove(names));
}

Result<std::vector<StateStore::Kept>> StateStore::kept_documents() {
    std::vector<Kept> kept;
    for (const auto& folder : {history(), journal()}) {
        auto names = objects_.list(folder, {});
        if (!names) return unreadable(std::move(names).error());
        std::erase_if(*names, [](const std::string& name) { return !serial_of(name); });
        if (names->empty()) continue;
        auto found = objects_.read(*names);
        if (!found) return unreadable(std::move(found).error());
        for (std::size_t i = 0; i < names->size(); ++i) {
            const auto serial = serial_of((*names)[i]);
            auto& object = (*found)[i];
            if (!serial || !object) continue;
            kept.push_back({.name = (*names)[i],
                            .is_segment = folder == journal(),
                            .serial = *serial,
                            .content = std::move(object->content),
                            .version = std::move(object->version)});
        }
    }
    return kept;
}

Status StateStore::rewrite(const Kept& document, std::string_view content) {
    auto written = objects_.write(document.name, content, document.version);
    if (written) return {};
    return not_saved(std::move(written).error());
}

/// The snapshot goes last, and segments from the newest on: what a crash leaves is a state that was, not one with a hole.
Status StateStore::archive(std::string_view name) {
    auto segments = objects_.list(journal(), {});
    if (!segments) return saved(std::move(segments).error());
    auto kept = objects_.list(history(), {});
    if (!kept) return saved(std::move(kept).error());
    std::vector<std::string> one_by_one{segments->rbegin(), segments->rend()};
    one_by_one.push_back(snapshot_name());
    auto names = *kept;
    names.insert(names.end(), one_by_one.begin(), one_by_one.end());
    for (const auto& from : names) {
        auto copied = objects_.copy(from, fmt::format("{}.{}{}", stack_, name, from.substr(stack_.size())), {});
        // A state that was never folded has no snapshot.
        if (!copied && copied.error().kind != ErrorKind::not_found) return saved(std::move(copied));
    }
    if (auto removed = objects_.remove(*kept); !removed) return saved(std::move(removed));
    for (const auto& gone : one_by_one)
        if (auto removed = objects_.remove(std::array{gone}); !removed) return saved(std::move(removed));
    return {};
}

Result<std::vector<std::string>> stacks_with_state(ObjectStore& objects) {
    auto names = objects.folders();
    if (!names) return unreadable(std::move(names).error());
    std::vector<std::string> stacks;
    for (const auto& name : *names) {
        if (name.find('.') != std::string::npos) continue;
        auto there = objects.list(name, {});
        if (!there) return unreadable(std::move(there).error());
        const bool saved_once = std::ranges::find(*there, name + "/snapshot.json") != there->end();
        // A first run that was killed has left a journal and no snapshot.
        if (!saved_once) there = objects.list(name + "/journal", {});
        if (!there) return unreadable(std::move(there).error());
        if (!there->empty()) stacks.push_back(name);
    }
    return stacks;
}

}  // namespace strata
