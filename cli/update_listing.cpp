#include "cli/update_listing.hpp"

#include <ranges>
#include <utility>

#include "cli/render/progress_view.hpp"

namespace strata::cli {

namespace {

Value count_of(const Update& update, std::string_view what) {
    const auto* count = update.counts.find(what);
    return count != nullptr ? *count : Value{0};
}

Value number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

ValueMap row_of(const std::string& stack, const Update& update) {
    return {{"stack", stack},
            {"number", number(update.number)},
            {"at", update.began},
            {"verb", update.verb},
            {"result", update.result.empty() ? "not ended" : update.result},
            {"created", count_of(update, "created")},
            {"updated", count_of(update, "updated")},
            {"replaced", count_of(update, "replaced")},
            {"deleted", count_of(update, "deleted")},
            {"failed", count_of(update, "failed")},
            {"serial", number(update.serial)},
            {"took", duration_text(update.seconds)},
            {"seconds", update.seconds},
            {"user", update.user}};
}

}  // namespace

Listing update_listing(const std::string& stack, std::span<const Update> updates, std::string when_empty) {
    Listing listing{.event = "update",
                    .columns = {{"number", "UPDATE", true},
                                {"at", "TIME"},
                                {"verb", "VERB"},
                                {"result", "RESULT"},
                                {"created", "CREATED", true},
                                {"updated", "UPDATED", true},
                                {"replaced", "REPLACED", true},
                                {"deleted", "DELETED", true},
                                {"failed", "FAILED", true},
                                {"took", "TOOK", true},
                                {"user", "BY"}},
                    .rows = {},
                    .when_empty = std::move(when_empty)};
    for (const auto& update : std::views::reverse(updates)) listing.rows.push_back(row_of(stack, update));
    return listing;
}

}  // namespace strata::cli
