#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/files.hpp"

namespace strata {

/// The highest serial of each state that this machine has seen, in a folder of small files: an older file that somebody put back
/// opens as well as the newest does, and only memory tells them apart.
class SeenSerials {
public:
    SeenSerials(std::filesystem::path folder, Files& files) : folder_{std::move(folder)}, files_{files} {}

    /// @param where  the state, for people
    /// @errors stale_plan when a higher serial of this lineage was seen here
    Status check(const std::string& lineage, std::uint64_t serial, const std::string& where) const;
    /// Best effort: a folder that cannot be written only weakens the check.
    void note(const std::string& lineage, std::uint64_t serial);

private:
    [[nodiscard]] std::uint64_t highest(const std::string& lineage) const;

    std::filesystem::path folder_;
    Files& files_;
};

}  // namespace strata
