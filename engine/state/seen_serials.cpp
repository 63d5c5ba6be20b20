#include "engine/state/seen_serials.hpp"

#include <charconv>

#include <fmt/format.h>

namespace strata {

std::uint64_t SeenSerials::highest(const std::string& lineage) const {
    const auto content = files_.read(folder_ / lineage);
    std::uint64_t serial = 0;
    if (content) std::from_chars(content->data(), content->data() + content->size(), serial);
    return serial;
}

Status SeenSerials::check(const std::string& lineage, std::uint64_t serial, const std::string& where) const {
    const auto seen = highest(lineage);
    if (serial >= seen) return {};
    return Error{
        .kind = ErrorKind::stale_plan,
        .summary = "State is older than it was",
        .cause = fmt::format("{}: it has serial {}, and this machine has seen {} of it: an older copy was put back, or the end of "
                             "its journal is lost.",
                             where, serial, seen),
        .remedy = fmt::format("Nothing was written. Put the newer state back. To go on with the older one on purpose, forget what was "
                              "seen:\n  rm {}",
                              (folder_ / lineage).string())};
}

void SeenSerials::note(const std::string& lineage, std::uint64_t serial) {
    if (serial <= highest(lineage)) return;
    if (!files_.make_folder(folder_)) return;
    [[maybe_unused]] const auto written = files_.replace(folder_ / lineage, fmt::format("{}\n", serial));
}

}  // namespace strata
