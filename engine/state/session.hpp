#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/key_ring.hpp"
#include "engine/state/lease.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/seen_serials.hpp"
#include "engine/state/state_documents.hpp"
#include "engine/state/store.hpp"

namespace strata {

/// What became of an update, for its history.
struct UpdateEnd {
    std::string result = "succeeded";  ///< or "failed", "interrupted"
    double seconds = 0;
    ValueMap counts = {};     ///< as Update::counts
    std::size_t done = 0;     ///< steps
    std::size_t skipped = 0;  ///< steps
};

/// How a state is opened.
struct StateAccess {
    std::optional<LockRequest> lock = {};  ///< set: changes may be made
    SeenSerials* seen = nullptr;           ///< knows older copies again; may be left out
    Clock* clock = &real_clock();
};

/// One run's hold on a stack's state: loads it, journals every change, folds the journal into a snapshot now and then.
///
/// record() may be called from many threads at once: records that arrive while a segment is being
/// written share the next one, so that many steps cost one durable write.
class StateSession {
public:
    struct Identity {
        std::string stack;
        std::string environment;
    };

    /// Reads snapshot and journal. With a lock request the lock is taken first and held as long as the session lives; one that was not
    /// given back is taken over for good: the run that held it, should it only be paused, cannot write one byte more.
    /// Without one nothing is written.
    /// @errors state_unreadable, with what is broken (wrong key and tampering read the same); stale_plan when this machine has seen a
    ///         newer one; as Lease::take()
    static Result<std::unique_ptr<StateSession>> open(StateStore& store, const KeyRing& keys, const Identity& identity,
                                                      const StateAccess& access = {});

    /// From the next record on, what is recorded belongs to one update, named for the lock's purpose ("up"), until finish().
    /// @param steps  how many are planned; 0 where there are none
    void begin_update(std::size_t steps = 0);
    /// Makes `mutations` durable as one record, then applies them. Only with the lock.
    /// @errors state_not_saved; stale_plan when another run took the stack over, be it while this was written
    Status record(std::vector<Mutation> mutations);
    /// Notes the end of the update in the history, if it recorded anything; then as save().
    Status finish(const UpdateEnd& end);
    /// Folds the journal into the snapshot when that is due: when the journal has grown against it. Keeps the snapshot of before.
    /// @errors state_not_saved (the journal still has everything)
    Status save();
    /// Writes the whole state anew under the ring's current key, whether that is due or not.
    Status save_whole();
    struct Resealed {
        std::size_t documents = 0;      ///< that stand under the new key now
        std::vector<std::string> left;  ///< where documents of before stay as they are, because no key opens them
    };
    /// From now on with other keys: the state, and what is kept of before, stand under the ring's current key when this returns. Cut off
    /// at any point, every document opens with the one key or the other. @errors as save(); state_unreadable when a document of
    /// before does not open, and a key of the ring is missing
    Result<Resealed> reseal(const KeyRing& keys);

    /// A copy that no later record() changes.
    [[nodiscard]] State state() const;
    /// The state as it was at `serial`. @errors state_unreadable when it is kept no longer
    [[nodiscard]] Result<State> state_at(std::uint64_t serial) const;
    /// What the journal holds above `after` by now, also what another run has written since this was opened; it ends at a gap. The last
    /// update is there as a whole, also when it has ended. @errors state_unreadable
    [[nodiscard]] Result<std::vector<Journaled>> journal(std::uint64_t after) const;
    /// What write-only properties are hashed with.
    [[nodiscard]] const SealKey& hash_key() const { return hash_key_; }
    [[nodiscard]] StateStore& store() { return store_; }
    /// True when anything was ever saved.
    [[nodiscard]] bool exists() const { return last_segment_ > 0 || !version_.empty(); }
    /// True when durable storage lacks something that this run knows.
    [[nodiscard]] bool holds_unsaved() const;
    /// The whole state as an authenticated document, secrets sealed, also what could not be written: for a recovery file.
    [[nodiscard]] std::string recovery_document() const;
    /// Reads such a document of this stack. @errors state_unreadable
    [[nodiscard]] Result<State> read_document(std::string_view text, std::string_view where) const {
        return documents_.read_snapshot(text, where);
    }

private:
    StateSession(StateStore& store, const KeyRing& keys, Identity identity, const StateAccess& access);

    Status load();
    Status load_once(bool& gap);
    Status load_snapshot();
    Status start_anew(const std::vector<StateStore::Segment>& segments, bool& gap);
    /// Applies the segments to `state`, in order, up to `last`. @param gap  set when one is missing
    Status replay(State& state, const std::vector<StateStore::Segment>& segments, std::uint64_t last, bool& gap) const;
    Status replay_one(State& state, const StateStore::Segment& segment) const;
    Status fence_off();
    Status write_segment(const std::vector<std::vector<Mutation>>& records);
    Status fold();
    Status drop_what_is_folded();
    [[nodiscard]] bool fold_is_due() const;
    [[nodiscard]] std::string location_of(const StateStore::Segment& segment) const;

    StateStore& store_;
    Identity identity_;
    StateDocuments documents_;
    SeenSerials* seen_;
    Clock& clock_;
    std::unique_ptr<Lease> lease_;
    std::string run_;
    std::string user_;
    std::string purpose_;
    SealKey hash_key_;

    std::string version_;  ///< of the snapshot that was read or written last; empty when there is none
    std::uint64_t snapshot_serial_ = 0;
    std::size_t snapshot_bytes_ = 0;
    std::size_t journal_bytes_ = 0;  ///< of the segments since
    std::uint64_t last_segment_ = 0;
    bool unfolded_ = false;                ///< the snapshot lacks what the journal has
    std::vector<Mutation> first_records_;  ///< what the next segment begins with: of a new state, of an update
    bool updating_ = false;                ///< begin_update() was recorded, finish() not yet

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
