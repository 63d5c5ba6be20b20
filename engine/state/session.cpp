#include "engine/state/session.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata {

namespace {

constexpr int most_reads = 5;  // of a state that another run folds at the same time
constexpr std::size_t always_folded_bytes = 256 << 10;
constexpr std::uint64_t most_segments = 500;
constexpr std::size_t most_kept_snapshots = 20;

std::string text_in(const Value& document, std::string_view key) {
    const auto* found = document.find(key);
    return found != nullptr ? std::string{found->text_or("")} : std::string{};
}

std::uint64_t number_in(const Value& document, std::string_view key) {
    const auto* found = document.find(key);
    return found != nullptr ? static_cast<std::uint64_t>(found->integer_or(0)) : 0;
}

/// @param cause  beginning with the place
Error unreadable(std::string cause) {
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "State cannot be read",
                 .cause = std::move(cause),
                 .remedy =
                     "Nothing was written. Restore it from a backup, or from the version history of its bucket; or go back to a state of "
                     "before:\n  strata state history"};
}

Error unreadable(std::string_view where, std::string_view cause) { return unreadable(fmt::format("{}: {}", where, cause)); }

Error not_ours(std::string_view where, std::string_view what, std::string_view found, std::string_view wanted) {
    return Error{
        .kind = ErrorKind::state_unreadable,
        .summary = "State belongs to something else",
        .cause = fmt::format("{}: it is of {} \"{}\", not \"{}\".", where, what, found, wanted),
        .remedy =
            "Nothing was written. Put back the right file, or name another folder under \"state\" in the environment's configuration."};
}

/// @param missing  of the ring of keys
Error cannot_be_opened(std::string_view where, const std::optional<Error>& missing) {
    if (missing)
        return Error{
            .kind = ErrorKind::state_unreadable,
            .summary = "State cannot be opened",
            .cause = fmt::format("{}: the key that it was written with is not here, or it was changed.\n{}", where, missing->cause),
            .remedy = "Nothing was written. " + missing->remedy};
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "State cannot be opened",
                 .cause = fmt::format("{}: the key is not the one it was written with, or it was changed.", where),
                 .remedy =
                     "Nothing was written. Check the key that \"encryption\" in the environment's configuration names "
                     "(STRATA_PASSPHRASE, a key file or a KMS key); if it is right, restore the file from a backup."};
}

/// Secrets are bound to the document that they stand in.
std::string context_of(const DocumentPlace& place) { return "secret\n" + place.text(); }

Result<std::string> current_snapshot(StateStore& store) {
    auto read = store.read_snapshot();
    if (!read) return std::move(read).error();
    auto& snapshot = *read;
    if (!snapshot) return unreadable(store.location(), "its snapshot is gone.");
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
Error not_saved(Error why, const StateStore& store, std::string_view what) {
    return why.kind == ErrorKind::conflict ? lost_the_race(store, what) : why;
}

}  // namespace

StateSession::StateSession(StateStore& store, const KeyRing& keys, Identity identity, const StateAccess& access)
    : store_{store}, keys_{keys}, identity_{std::move(identity)}, seen_{access.seen}, clock_{*access.clock}, hash_key_{random_bytes(32)} {
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

DocumentPlace StateSession::place(std::string_view kind, const std::string& lineage, std::uint64_t serial) const {
    return {.kind = kind, .stack = identity_.stack, .environment = identity_.environment, .lineage = lineage, .serial = serial};
}

const SealKey* StateSession::key_of(const DocumentPlace& place, std::string_view text) const {
    if (is_authentic(keys_.current, place, text)) return &keys_.current;
    for (const auto& key : keys_.others)
        if (is_authentic(key, place, text)) return &key;
    return nullptr;
}

Result<State> StateSession::read_document(std::string_view text, std::string_view where) const {
    const auto document = parse_json(text, where);
    if (!document) return unreadable(document.error().cause);
    const auto format = number_in(*document, "format");
    if (format > state_format) return unreadable(where, fmt::format("it has format {}: a newer version of Strata wrote it.", format));
    const auto stack = text_in(*document, "stack");
    const auto environment = text_in(*document, "environment");
    if (!stack.empty() && stack != identity_.stack) return not_ours(where, "stack", stack, identity_.stack);
    if (!environment.empty() && environment != identity_.environment)
        return not_ours(where, "environment", environment, identity_.environment);

    const auto at = place("snapshot", text_in(*document, "lineage"), number_in(*document, "serial"));
    const auto* key = key_of(at, text);
    if (key == nullptr) return cannot_be_opened(where, keys_.missing);
    auto decoded = StateCodec{*key, context_of(at)}.decode_state(*document);
    if (!decoded) return unreadable(where, decoded.error().cause);
    return decoded;
}

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
    auto decoded = read_document(saved->content, fmt::format("{}, snapshot", store_.location()));
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
        const auto first = parse_json(segments.front().content, store_.location());
        if (first.ok()) state_.lineage = text_in(*first, "lineage");
        return {};
    }
    const auto snapshot = store_.read_snapshot();
    if (!snapshot) return snapshot.error();
    gap = snapshot->has_value();
    if (gap) return unreadable(store_.location(), "it is folded by another run again and again.");
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
            return unreadable(store_.location(), fmt::format("journal segment {} is missing.", state.serial + 1));
        }
        if (auto replayed = replay_one(state, segment); !replayed) return replayed;
    }
    if (state.serial == last) return {};
    gap = true;
    return unreadable(store_.location(), fmt::format("journal segment {} is missing.", state.serial + 1));
}

Result<Journaled> StateSession::read_segment(const StateStore::Segment& segment, const std::string& lineage) const {
    const auto where = fmt::format("{}, journal segment {}", store_.location(), segment.serial);
    const auto document = parse_json(segment.content, where);
    if (!document) return unreadable(document.error().cause);
    const auto at = place("segment", lineage, segment.serial);
    const auto* key = key_of(at, segment.content);
    if (key == nullptr) return cannot_be_opened(where, keys_.missing);
    const auto* records = document->find("records");
    if (number_in(*document, "format") != state_format || records == nullptr || records->list() == nullptr)
        return unreadable(where, "it is not what this version of Strata writes.");
    Journaled read{.serial = segment.serial,
                   .at = WallTime{Milliseconds{static_cast<std::int64_t>(number_in(*document, "at"))}},
                   .run = text_in(*document, "run"),
                   .records = {}};
    const StateCodec codec{*key, context_of(at)};
    for (const auto& record : *records->list()) {
        auto mutation = decode_mutation(codec, record);
        if (!mutation) return unreadable(where, mutation.error().cause);
        read.records.push_back(std::move(*mutation));
    }
    return read;
}

Status StateSession::replay_one(State& state, const StateStore::Segment& segment) const {
    const auto read = read_segment(segment, state.lineage);
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
        auto read = read_segment(segment, state_.lineage);
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
        auto decoded = read_document(*text, fmt::format("{}, a snapshot of before", store_.location()));
        if (!decoded) return decoded;
        state = std::move(*decoded);
        if (state.lineage != state_.lineage) return unreadable(store_.location(), "a snapshot of before is of another state.");
    }
    const auto segments = store_.read_segments(state.serial);
    if (!segments) return segments.error();
    bool gap = false;
    if (auto replayed = replay(state, *segments, serial, gap); !replayed) {
        if (gap) return unreadable(store_.location(), fmt::format("the state of serial {} is kept no longer.", serial));
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

std::string StateSession::segment_document(const Journaled& segment, const std::string& lineage) const {
    const auto at = place("segment", lineage, segment.serial);
    const StateCodec codec{keys_.current, context_of(at)};
    ValueList encoded;
    for (const auto& mutation : segment.records) encoded.push_back(encode(codec, mutation));
    return authenticated_json(keys_.current, at,
                              {{"format", state_format},
                               {"lineage", lineage},
                               {"run", segment.run},
                               {"at", segment.at.time_since_epoch().count()},
                               {"records", std::move(encoded)}},
                              JsonStyle::compact);
}

Status StateSession::write_segment(const std::vector<std::vector<Mutation>>& records) {
    if (auto held = lease_->confirm(); !held) return held;
    const auto serial = last_segment_ + 1;
    Journaled segment{.serial = serial, .at = clock_.now(), .run = run_, .records = {}};
    for (const auto& record : records) segment.records.insert(segment.records.end(), record.begin(), record.end());
    const auto content = segment_document(segment, state_.lineage);
    auto written = store_.create_segment(serial, content);
    if (!written) return not_saved(std::move(written).error(), store_, fmt::format("journal segment {}", serial));
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

std::string StateSession::document_of(const State& state) const {
    const auto at = place("snapshot", state.lineage, state.serial);
    return authenticated_json(keys_.current, at, StateCodec{keys_.current, context_of(at)}.encode(state), JsonStyle::indented);
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
        if (auto kept = store_.keep_snapshot(before, version_); !kept) return not_saved(std::move(kept).error(), store_, "the snapshot");
    const auto content = document_of(state_);
    auto version = store_.write_snapshot(content, version_);
    if (!version) return not_saved(std::move(version).error(), store_, "the snapshot");
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
    return document_of(full);
}

}  // namespace strata
