#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"

namespace strata {

/// Who holds a stack's lock, and why.
struct LockOwner {
    std::string run;  ///< id of the run
    std::string user;
    std::string host;
    std::int64_t process = 0;
    std::string purpose;  ///< "up"
    std::string since;    ///< ISO 8601
};

/// Held while it lives.
class StateLock {
public:
    virtual ~StateLock() = default;
};

/// Where one stack's state lies: one snapshot, and journal segments that are made once and never changed.
/// Every write is compare-and-swap: safety does not rest on the lock.
class StateStore {
public:
    struct Snapshot {
        std::string content;
        std::string version;  ///< what write_snapshot wants back
    };

    virtual ~StateStore() = default;

    /// "file .strata/state/dev/foundation", for people.
    [[nodiscard]] virtual std::string location() const = 0;

    /// Empty when there is none yet.
    virtual Result<std::optional<Snapshot>> read_snapshot() = 0;
    /// Replaces the snapshot, whole, only while its version is still `expected` (empty: only when there is
    /// none). Returns the new version. @errors conflict when somebody else wrote, state_not_saved when the disk or service refused
    virtual Result<std::string> write_snapshot(std::string_view content, std::string_view expected) = 0;

    /// Segments with a number above `after`, ascending.
    virtual Result<std::vector<std::pair<std::uint64_t, std::string>>> read_segments(std::uint64_t after) = 0;
    /// Makes segment `number`, durable when this returns. @errors conflict when there is one
    virtual Status create_segment(std::uint64_t number, std::string_view content) = 0;
    /// Segments that a snapshot has folded in; their loss is harmless.
    virtual Status remove_segments(std::uint64_t up_to) = 0;

    /// @errors lock_held, naming the owner
    virtual Result<std::unique_ptr<StateLock>> lock(const LockOwner& owner) = 0;

    /// Moves everything aside under `name`, so that the next read finds nothing.
    virtual Status archive(std::string_view name) = 0;
};

}  // namespace strata
