#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/state/codec.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/store.hpp"

namespace strata {

/// One run's hold on a stack's state: loads it, journals every change, folds the journal into a snapshot.
///
/// record() may be called from many threads at once: records that arrive while a segment is being
/// written share the next one, so that many steps cost one durable write.
class StateSession {
public:
    struct Identity {
        std::string stack;
        std::string environment;
    };

    /// Reads snapshot and journal; writes nothing. With an `owner` the lock is taken first and held as long as
    /// the session lives, and the first record marks the journal with the run's id, so that a run which held
    /// the lock before, and was only paused, cannot write one segment more.
    /// @errors state_unreadable, with what is broken (wrong key and tampering read the same); lock_held
    static Result<std::unique_ptr<StateSession>> open(StateStore& store, const SealKey& key, const Identity& identity,
                                                      const std::optional<LockOwner>& owner = {});

    /// Makes `mutations` durable as one record, then applies them. Only with the lock.
    /// @errors state_not_saved; stale_plan when another run took the stack over
    Status record(std::vector<Mutation> mutations);

    /// Writes the snapshot and drops the segments that it holds. Does nothing when nothing changed.
    /// @errors state_not_saved (the journal still has everything)
    Status save();

    /// A copy that no later record() changes.
    [[nodiscard]] State state() const;
    [[nodiscard]] const StateCodec& codec() const { return codec_; }
    [[nodiscard]] const SealKey& key() const { return key_; }
    [[nodiscard]] StateStore& store() { return *store_; }
    /// True when a snapshot was found.
    [[nodiscard]] bool exists() const { return !version_.empty(); }
    /// True when the snapshot lacks something that a journal, or this run, knows.
    [[nodiscard]] bool holds_unsaved() const {
        const std::scoped_lock hold{mutex_};
        return changed_;
    }
    /// The whole state as a document with secrets sealed, for a recovery file: also what could not be written.
    [[nodiscard]] std::string recovery_document() const;

private:
    StateSession(StateStore& store, const SealKey& key, StateCodec codec, State state, std::string version);
    Status load_journal();
    Status write_segment(const std::vector<std::vector<Mutation>>& records);
    static Result<std::unique_ptr<StateSession>> load(StateStore& store, const SealKey& key, const Identity& identity);

    StateStore* store_;
    SealKey key_;
    StateCodec codec_;
    std::unique_ptr<StateLock> lock_;
    std::string epoch_;    ///< run id that the next segment begins with; empty once written
    std::string version_;  ///< of the snapshot that was read or written last
    std::uint64_t last_segment_ = 0;
    bool changed_ = false;

    mutable std::mutex mutex_;
    std::condition_variable written_;
    State state_;
    std::vector<std::vector<Mutation>> waiting_;  ///< records that no segment holds yet
    std::vector<std::vector<Mutation>> unsaved_;  ///< records that no segment will hold, because writing one failed
    std::uint64_t queued_ = 0;                    ///< records handed in so far
    std::uint64_t durable_ = 0;                   ///< records that are on disk
    bool writing_ = false;
    std::optional<Error> failure_;  ///< once a segment could not be written, nothing more is accepted
};

}  // namespace strata
