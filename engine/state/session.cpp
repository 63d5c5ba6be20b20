#include "engine/state/session.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace strata {

namespace {

constexpr int most_reads = 5;  // of a state that another run folds at the same time
constexpr std::size_t always_folded_bytes = 256 << 10;
constexpr std::uint64_t most_segments = 500;
constexpr std::size_t most_kept_snapshots = 20;

Result<std::string> current_snapshot(StateStore& store) {
    auto read = store.read_snapshot();
    if (!read) return std::move(read).error();
    auto& snapshot = *read;
    if (!snapshot) return unreadable_state(store.location(), "its snapshot is gone.");
    return std::move(snapshot->content);
}

/// @param what  "journal segment 12"
Error lost_the_race(const StateStore& store, std::string_view what) {
    return Error{.kind = ErrorKind::stale_plan,
                 .summary = "Another run took this stack over",
                 .cause = fmt::format("{}: {} was written by somebody else.", store.location(), what),
                 .remedy = "This run sends nothing more. Run the command again."};
}

/// Whoever finds that somebody else wrote has lost the stack.
Error not_saved(const Error& why, const StateStore& store, std::string_view what) {
    return why.kind == ErrorKind::conflict ? lost_the_race(store, what) : why;
}

}  // namespace

StateSession::StateSession(StateStore& store, const KeyRing& keys, Identity identity, const StateAccess& access)
    : store_{store},
      identity_{std::move(identity)},
      documents_{keys, identity_.stack, identity_.environment},
      seen_{access.seen},
      clock_{*access.clock},
      hash_key_{random_bytes(32)} {
    if (!access.lock) return;
    run_ = access.lock->owner.run;
    purpose_ = access.lock->owner.purpose;
    user_ = fmt::format("{}@{}", access.lock->owner.user, access.lock->owner.host);
}

Result<std::unique_ptr<StateSession>> StateSession::open(StateStore& store, const KeyRing& keys, const Identity& identity,
                                                         const StateAccess& access) {
    std::unique_ptr<StateSession> session{new StateSession{store, keys, identity, access}};
    if (access.lock) {
        auto lease = Lease::take(store.objects(), store.lock_name(), *access.lock, *access.clock);
        if (!lease) return std::move(lease).error();
        session->lease_ = std::move(*lease);
    }
    if (auto loaded = session->load(); !loaded) return std::move(loaded).error();
    if (session->lease_ && session->lease_->taken_over())
        if (auto fenced = session->fence_off(); !fenced) return std::move(fenced).error();
    if (session->lease_ && session->seen_ != nullptr) session->seen_->note(session->state_.lineage, session->state_.serial);
    return session;
}

// --- loading ---

/// Another run may fold the journal between the read of the snapshot and that of the segments: then a segment is missing, and
/// the new snapshot has it.
Status StateSession::load() {
    for (int read = 1;; ++read) {
        bool gap = false;
        auto loaded = load_once(gap);
        if (!loaded && gap && read < most_reads) continue;
        if (!loaded) return loaded;
        if (state_.hash_key.size() == hash_key_.bytes().size()) hash_key_ = SealKey{state_.hash_key};
        return seen_ != nullptr ? seen_->check(state_.lineage, state_.serial, store_.location()) : Status{};
    }
}

Status StateSession::load_once(bool& gap) {
    state_ = State{.lineage = {}, .stack = identity_.stack, .environment = identity_.environment};
    version_.clear();
    first_records_.clear();
    if (auto loaded = load_snapshot(); !loaded) return loaded;
    snapshot_serial_ = state_.serial;
    const auto segments = store_.read_segments(state_.serial);
    if (!segments) return segments.error();
    if (version_.empty())
        if (auto begun = start_anew(*segments, gap); !begun) return begun;
    const auto last = segments->empty() ? state_.serial : segments->back().serial;
    if (auto replayed = replay(state_, *segments, last, gap); !replayed) return replayed;
    last_segment_ = state_.serial;
    unfolded_ = !segments->empty();
    journal_bytes_ = 0;
    for (const auto& segment : *segments) journal_bytes_ += segment.content.size();
    return {};
}

Status StateSession::load_snapshot() {
    auto snapshot = store_.read_snapshot();
    if (!snapshot) return std::move(snapshot).error();
    const auto& saved = *snapshot;
    if (!saved) return {};
    auto decoded = documents_.read_snapshot(saved->content, fmt::format("{}, snapshot", store_.location()));
    if (!decoded) return std::move(decoded).error();
    state_ = std::move(*decoded);
    version_ = saved->version;
    snapshot_bytes_ = saved->content.size();
    return {};
}

/// A state without snapshot has its lineage from its first segment; one without anything gets a new one, and a key for hashes.
/// @param gap  set when the first run has just folded its journal: then it was not there any more, and the snapshot not yet
Status StateSession::start_anew(const std::vector<StateStore::Segment>& segments, bool& gap) {
    if (!segments.empty()) {
        state_.lineage = lineage_of(segments.front().content);
        return {};
    }
    const auto snapshot = store_.read_snapshot();
    if (!snapshot) return snapshot.error();
    gap = snapshot->has_value();
    if (gap) return unreadable_state(store_.location(), "it is folded by another run again and again.");
    state_.lineage = random_token();
    state_.hash_key = hash_key_.bytes();
    first_records_.push_back({.kind = Mutation::Kind::hash_key, .value = Value::secret(Bytes{std::string{hash_key_.bytes()}})});
    return {};
}

Status StateSession::replay(State& state, const std::vector<StateStore::Segment>& segments, std::uint64_t last, bool& gap) const {
    for (const auto& segment : segments) {
        if (segment.serial > last) break;
        if (segment.serial != state.serial + 1) {
            gap = true;
            return unreadable_state(store_.location(), fmt::format("journal segment {} is missing.", state.serial + 1));
        }
        if (auto replayed = replay_one(state, segment); !replayed) return replayed;
    }
    if (state.serial == last) return {};
    gap = true;
    return unreadable_state(store_.location(), fmt::format("journal segment {} is missing.", state.serial + 1));
}

std::string StateSession::location_of(const StateStore::Segment& segment) const {
    return fmt::format("{}, journal segment {}", store_.location(), segment.serial);
}

Status StateSession::replay_one(State& state, const StateStore::Segment& segment) const {
    const auto read = documents_.read_segment(segment, state.lineage, location_of(segment));
    if (!read) return read.error();
    state.serial = segment.serial;
    for (const auto& mutation : read->records) apply(state, mutation);
    return {};
}

Result<std::vector<Journaled>> StateSession::journal(std::uint64_t after) const {
    const auto segments = store_.read_segments(after);
    if (!segments) return segments.error();
    std::vector<Journaled> out;
    for (const auto& segment : *segments) {
        if (segment.serial != after + out.size() + 1) break;
        auto read = documents_.read_segment(segment, state_.lineage, location_of(segment));
        if (!read) return std::move(read).error();
        out.push_back(std::move(*read));
    }
    return out;
}

Result<State> StateSession::state_at(std::uint64_t serial) const {
    const auto kept = store_.kept_snapshots();
    if (!kept) return kept.error();
    State state{.lineage = state_.lineage, .stack = identity_.stack, .environment = identity_.environment};
    const auto after = std::ranges::upper_bound(*kept, serial);
    const bool from_current = snapshot_serial_ > 0 && snapshot_serial_ <= serial;
    if (from_current || after != kept->begin()) {
        auto text = from_current ? current_snapshot(store_) : store_.read_kept_snapshot(*std::prev(after));
        if (!text) return std::move(text).error();
        auto decoded = documents_.read_snapshot(*text, fmt::format("{}, a snapshot of before", store_.location()));
        if (!decoded) return decoded;
        state = std::move(*decoded);
        if (state.lineage != state_.lineage) return unreadable_state(store_.location(), "a snapshot of before is of another state.");
    }
    const auto segments = store_.read_segments(state.serial);
    if (!segments) return segments.error();
    bool gap = false;
    if (auto replayed = replay(state, *segments, serial, gap); !replayed) {
        if (gap) return unreadable_state(store_.location(), fmt::format("the state of serial {} is kept no longer.", serial));
        return std::move(replayed).error();
    }
    return state;
}

// --- writing ---

/// A run that held the stack before, and may only be paused, finds its next segment, its snapshot and its lock taken.
Status StateSession::fence_off() {
    for (int tries = 0;; ++tries) {
        auto first = std::exchange(first_records_, {});
        first.push_back({.kind = Mutation::Kind::takeover, .key = run_});
        auto fenced = record(std::move(first));
        if (fenced) fenced = save_whole();
        if (fenced) break;
        // It was not paused after all, and wrote one more segment, or a snapshot, just now.
        if (fenced.error().kind != ErrorKind::stale_plan || tries == most_reads || !lease_->confirm()) return fenced;
        failure_.reset();
        unsaved_.clear();
        if (auto loaded = load(); !loaded) return loaded;
    }
    lease_->settled();
    return {};
}

void StateSession::begin_update(std::size_t steps) {
    const std::scoped_lock hold{mutex_};
    if (updating_) return;
    updating_ = true;
    first_records_.push_back(
        {.kind = Mutation::Kind::update_begin,
         .key = run_,
         .value = Value::map(
             {{"verb", purpose_}, {"user", user_}, {"began", iso8601(clock_.now())}, {"steps", static_cast<std::int64_t>(steps)}})});
}

Status StateSession::record(std::vector<Mutation> mutations) {
    if (mutations.empty()) return {};
    std::unique_lock hold{mutex_};
    if (failure_) {
        unsaved_.push_back(std::move(mutations));
        return *failure_;
    }
    waiting_.push_back(std::move(mutations));
    const auto mine = ++queued_;
    while (durable_ < mine) {
        if (failure_) return *failure_;
        if (writing_) {
            written_.wait(hold);
            continue;
        }
        writing_ = true;
        auto batch = std::exchange(waiting_, {});
        if (!first_records_.empty()) batch.insert(batch.begin(), std::exchange(first_records_, {}));
        const auto last = queued_;
        hold.unlock();
        auto outcome = write_segment(batch);
        hold.lock();
        writing_ = false;
        if (!outcome) {
            failure_ = outcome.error();
            unsaved_.insert(unsaved_.end(), batch.begin(), batch.end());
            if (failure_->kind == ErrorKind::state_not_saved) lease_->abandon();
        } else {
            state_.serial = last_segment_;
            for (const auto& record : batch)
                for (const auto& mutation : record) apply(state_, mutation);
            durable_ = last;
            unfolded_ = true;
        }
        written_.notify_all();
    }
    // Writing may have taken longer than the lease lasted: what these records announce must then not be done any more.
    auto held = lease_->confirm();
    if (!held) failure_ = held.error();
    return held;
}

Status StateSession::write_segment(const std::vector<std::vector<Mutation>>& records) {
    if (auto held = lease_->confirm(); !held) return held;
    const auto serial = last_segment_ + 1;
    Journaled segment{.serial = serial, .at = clock_.now(), .run = run_, .records = {}};
    for (const auto& record : records) segment.records.insert(segment.records.end(), record.begin(), record.end());
    const auto content = documents_.segment(segment, state_.lineage);
    auto written = store_.create_segment(serial, content);
    if (!written) return not_saved(written.error(), store_, fmt::format("journal segment {}", serial));
    last_segment_ = serial;
    journal_bytes_ += content.size();
    return {};
}

Status StateSession::finish(const UpdateEnd& end) {
    const bool recorded = [&] {
        const std::scoped_lock hold{mutex_};
        const bool begun = std::exchange(updating_, false);
        // Nothing was recorded since: no update took place.
        return begun && std::erase_if(first_records_, [](const Mutation& m) { return m.kind == Mutation::Kind::update_begin; }) == 0;
    }();
    if (recorded) {
        const auto noted = record({{.kind = Mutation::Kind::update_end,
                                    .key = run_,
                                    .value = Value::map({{"result", end.result},
                                                         {"seconds", end.seconds},
                                                         {"counts", end.counts},
                                                         {"done", static_cast<std::int64_t>(end.done)},
                                                         {"skipped", static_cast<std::int64_t>(end.skipped)}})}});
        if (!noted) return noted;
    }
    auto saved = save();
    if (saved && seen_ != nullptr) seen_->note(state_.lineage, state_.serial);
    return saved;
}

bool StateSession::fold_is_due() const {
    return snapshot_bytes_ < always_folded_bytes || 2 * journal_bytes_ >= snapshot_bytes_ ||
           last_segment_ - snapshot_serial_ > most_segments;
}

Status StateSession::save() {
    const std::scoped_lock hold{mutex_};
    if (failure_) return *failure_;
    if (!unfolded_ || !fold_is_due()) return {};
    return fold();
}

Status StateSession::save_whole() {
    const std::scoped_lock hold{mutex_};
    return fold();
}

Status StateSession::fold() {
    if (failure_) return *failure_;
    if (auto breach = broken_invariant(state_); !breach.empty())
        return Error{.kind = ErrorKind::state_not_saved,
                     .summary = "State is not sound",
                     .cause = breach + ".",
                     .remedy = "The journal holds everything that was done. Please report this as a mistake in Strata."};
    if (auto held = lease_->confirm(); !held) return held;
    const auto before = snapshot_serial_;
    if (!version_.empty() && before != state_.serial)
        if (auto kept = store_.keep_snapshot(before, version_); !kept) return not_saved(kept.error(), store_, "the snapshot");
    const auto content = documents_.snapshot(state_);
    auto version = store_.write_snapshot(content, version_);
    if (!version) return not_saved(version.error(), store_, "the snapshot");
    version_ = std::move(*version);
    snapshot_serial_ = state_.serial;
    snapshot_bytes_ = content.size();
    journal_bytes_ = 0;
    unfolded_ = false;
    // What stays is passed over by its number, and goes with the next fold.
    [[maybe_unused]] const auto dropped = drop_what_is_folded();
    return {};
}

/// Segments that a snapshot holds go, but for those that are needed to say how the state was between two snapshots that are kept, for
/// those that keep a paused run out, and for the last update, which somebody may be following.
Status StateSession::drop_what_is_folded() {
    auto kept = store_.kept_snapshots();
    if (!kept) return std::move(kept).error();
    const auto too_many = kept->size() > most_kept_snapshots ? kept->size() - most_kept_snapshots : 0;
    if (auto removed = store_.remove_kept_snapshots(std::span{*kept}.first(too_many)); !removed) return removed;
    kept->erase(kept->begin(), kept->begin() + static_cast<std::ptrdiff_t>(too_many));
    kept->push_back(state_.serial);
    return store_.remove_segments([&](std::uint64_t serial) {
        if (serial > state_.serial || std::ranges::find(state_.takeovers, serial) != state_.takeovers.end()) return false;
        if (!state_.updates.empty() && serial > state_.updates.back().before) return false;
        const auto above = std::ranges::lower_bound(*kept, serial);
        if (above == kept->begin() && too_many > 0) return true;
        const auto below = above != kept->begin() ? *std::prev(above) : 0;
        return std::ranges::none_of(state_.updates, [&](const Update& update) { return update.before > below && update.before < *above; });
    });
}

// --- other keys ---

Result<StateSession::Resealed> StateSession::reseal(const KeyRing& keys) {
    const std::scoped_lock hold{mutex_};
    documents_.use(keys);
    Resealed done;
    if (!exists()) return done;
    if (auto folded = fold(); !folded) return std::move(folded).error();
    ++done.documents;
    const auto kept = store_.kept_documents();
    if (!kept) return kept.error();
    for (const auto& document : *kept) {
        const auto where = store_.objects().location(document.name);
        const auto sealed = documents_.under_current_key(document, where);
        if (!sealed && keys.missing) return sealed.error();
        if (!sealed) {
            done.left.push_back(where);
            continue;
        }
        ++done.documents;
        if (*sealed == document.content) continue;
        if (auto held = lease_->confirm(); !held) return std::move(held).error();
        if (auto written = store_.rewrite(document, *sealed); !written) return std::move(written).error();
    }
    return done;
}

// --- looking ---

bool StateSession::holds_unsaved() const {
    const std::scoped_lock hold{mutex_};
    return unfolded_ || !unsaved_.empty();
}

State StateSession::state() const {
    const std::scoped_lock hold{mutex_};
    return state_;
}

std::string StateSession::recovery_document() const {
    const std::scoped_lock hold{mutex_};
    auto full = state_;
    for (const auto* records : {&unsaved_, &waiting_})
        for (const auto& record : *records)
            for (const auto& mutation : record) apply(full, mutation);
    return documents_.snapshot(full);
}

}  // namespace strata
