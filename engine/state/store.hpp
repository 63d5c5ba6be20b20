#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/state/object_store.hpp"

namespace strata {

/// Where one stack's state lies among the objects of its environment:
///
///     <stack>/snapshot.json               the state, as of the serial that it names
///     <stack>/journal/000000000012.json   what changed since: one segment for each serial, made once
///     <stack>/history/000000000007.json   snapshots of before
///     <stack>/lock                        who works on it
///     <stack>/request                     who asks that run to stop
///
/// Every write is compare-and-swap: safety does not rest on the lock.
class StateStore {
public:
    struct Snapshot {
        std::string content;
        std::string version;  ///< what write_snapshot wants back
    };
    struct Segment {
        std::uint64_t serial = 0;
        std::string content;
    };

    /// @param objects  of the environment; must outlive this
    StateStore(ObjectStore& objects, std::string stack) : objects_{objects}, stack_{std::move(stack)} {}

    /// "file .strata/state/dev/foundation", for people.
    [[nodiscard]] std::string location() const { return objects_.location(stack_); }
    [[nodiscard]] ObjectStore& objects() { return objects_; }
    [[nodiscard]] const std::string& stack() const { return stack_; }
    [[nodiscard]] std::string lock_name() const { return stack_ + "/lock"; }

    /// Empty when there is none yet. @errors state_unreadable
    Result<std::optional<Snapshot>> read_snapshot();
    /// Replaces the snapshot, whole, only while its version is still `expected` (empty: only when there is none). Returns the new
    /// version. @errors conflict when somebody else wrote; state_not_saved
    Result<std::string> write_snapshot(std::string_view content, std::string_view expected);

    /// Segments above `after`, ascending. @errors state_unreadable
    Result<std::vector<Segment>> read_segments(std::uint64_t after);
    /// Durable when this returns. @errors conflict when there is one of this serial; state_not_saved
    Status create_segment(std::uint64_t serial, std::string_view content);
    /// Those of serials that are `unwanted`: folded into a snapshot, so that their loss is harmless.
    Status remove_segments(const std::function<bool(std::uint64_t)>& unwanted);

    /// Keeps the snapshot of this version and serial as one of before. @errors conflict when it is no longer there
    Status keep_snapshot(std::uint64_t serial, std::string_view version);
    /// Serials of the snapshots of before, ascending.
    Result<std::vector<std::uint64_t>> kept_snapshots();
    /// @errors state_unreadable
    Result<std::string> read_kept_snapshot(std::uint64_t serial);
    Status remove_kept_snapshots(std::span<const std::uint64_t> serials);

    /// A document beside the snapshot, whole.
    struct Kept {
        std::string name;
        bool is_segment = false;  ///< else a snapshot of before
        std::uint64_t serial = 0;
        std::string content;
        std::string version;
    };
    /// Every snapshot of before and every segment, ascending. @errors state_unreadable
    Result<std::vector<Kept>> kept_documents();
    /// The same document, sealed anew. @errors conflict when it is no longer what was read; state_not_saved
    Status rewrite(const Kept& document, std::string_view content);

    /// Copies everything to a stack of the name `<stack>.<name>` and removes it here, so that the next read finds nothing.
    Status archive(std::string_view name);

private:
    [[nodiscard]] std::string snapshot_name() const { return stack_ + "/snapshot.json"; }
    [[nodiscard]] std::string journal() const { return stack_ + "/journal"; }
    [[nodiscard]] std::string history() const { return stack_ + "/history"; }

    ObjectStore& objects_;
    std::string stack_;
};

/// The stacks that have state in an environment, sorted; not those that were put aside.
Result<std::vector<std::string>> stacks_with_state(ObjectStore& objects);

}  // namespace strata
