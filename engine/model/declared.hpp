#pragma once

#include <cstddef>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"

namespace strata {

/// Where in the program each part of a declared value was written: dotted paths of wire names
/// ("Command.Name", "Subnets[1]"), "" for the value itself.
class Locations {
public:
    struct Entry {
        std::string path;
        const char* file = "";
        std::uint32_t line = 0;
        bool exact = true;  ///< false: only the statement's line is known, for the compiler tells no better
    };

    void add(std::string path, const std::source_location& where, bool exact = true) {
        entries_.push_back({std::move(path), where.file_name(), where.line(), exact});
    }
    /// Takes over `inner`, its paths put under `prefix`.
    /// @param whole_exact  false: `inner` has only the statement's line for its value as a whole
    void add_below(std::string_view prefix, const Locations& inner, bool whole_exact = true);
    /// Takes over the places of a list's items, which stand under `prefix` from item `first` on.
    void add_items_below(std::string_view prefix, std::size_t first, const Locations& items);
    /// The place of `path`, or of the nearest part around it that has one; unknown when there is none. Where only the
    /// statement's line is known, the line of the nearest leaf that has its own: inside, else beside, else further out.
    [[nodiscard]] Location find(std::string_view path) const;
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

    /// What stands at `path` came through an escape hatch: the pinned model does not know it, so it is sent unchecked.
    void add_unchecked(std::string path) { unchecked_.push_back(std::move(path)); }
    [[nodiscard]] bool is_unchecked(std::string_view path) const;
    [[nodiscard]] const std::vector<std::string>& unchecked() const { return unchecked_; }

private:
    [[nodiscard]] const Entry* nearest_exact(const Entry& to) const;

    std::vector<Entry> entries_;  ///< in the order in which the program wrote them
    std::vector<std::string> unchecked_;
};

/// A value as a program wrote it, with the places of its parts.
struct Declared {
    Value value;
    Locations locations;
};

/// Joins two steps of a path: ("Command", "Name") -> "Command.Name", ("Subnets", "[1]") -> "Subnets[1]".
std::string joined_path(std::string_view prefix, std::string_view step);

}  // namespace strata
