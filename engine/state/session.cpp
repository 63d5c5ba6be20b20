#include "engine/state/session.hpp"

#include <utility>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata {

namespace {

Error not_ours(const StateStore& store, std::string_view what, std::string_view found, std::string_view wanted) {
    return Error{
        .kind = ErrorKind::state_unreadable,
        .summary = "State belongs to something else",
        .cause = fmt::format("{}: it is of {} \"{}\", not \"{}\".", store.location(), what, found, wanted),
        .remedy =
            "Nothing was written. Put back the right file, or name another folder under \"state\" in the environment's configuration."};
}

/// The lineage is bound to sealed values, so it must be known before anything is opened.
std::string lineage_of(const Value& document) {
    const auto* lineage = document.find("lineage");
    return lineage != nullptr ? std::string{lineage->text_or("")} : std::string{};
}

std::string context_of(const StateSession::Identity& identity, std::string_view lineage) {
    return fmt::format("{}\n{}\n{}", identity.stack, identity.environment, lineage);
}

}  // namespace

StateSession::StateSession(StateStore& store, const SealKey& key, StateCodec codec, State state, std::string version)
    : store_{&store}, key_{key}, codec_{std::move(codec)}, version_{std::move(version)}, state_{std::move(state)} {}

Result<std::unique_ptr<StateSession>> StateSession::open(StateStore& store, const SealKey& key, const Identity& identity,
                                                         const std::optional<LockOwner>& owner) {
    std::unique_ptr<StateLock> lock;
    if (owner) {
        auto taken = store.lock(*owner);
        if (!taken) return std::move(taken).error();
        lock = std::move(*taken);
    }
    auto session = load(store, key, identity);
    if (!session) return session;
    (*session)->lock_ = std::move(lock);
    if (owner) (*session)->epoch_ = owner->run;
    return session;
}

namespace {

/// The lineage that the first segment of a never-saved stack carries; a new one when there is no segment.
Result<std::string> lineage_before_first_snapshot(StateStore& store) {
    const auto segments = store.read_segments(0);
    if (!segments) return segments.error();
    if (!segments->empty())
        if (const auto first = parse_json(segments->front().second, store.location()); first.ok() && !lineage_of(*first).empty())
            return lineage_of(*first);
    return random_token();
}

Result<Value> parse_snapshot(const StateStore& store, const std::string& content) {
    auto document = parse_json(content, fmt::format("{}, snapshot", store.location()));
    if (document) return document;
    auto why = std::move(document).error();
    why.kind = ErrorKind::state_unreadable;
    why.summary = "State cannot be read";
    why.remedy = "Nothing was written. Restore the file from a backup, or from the version history of its bucket.";
    return why;
}

Result<State> decode_snapshot(const StateStore& store, const StateCodec& codec, const Value& document,
                              const StateSession::Identity& identity) {
    auto decoded = codec.decode_state(document);
    if (!decoded) {
        auto why = std::move(decoded).error();
        why.cause = fmt::format("{}: {}", store.location(), why.cause);
        return why;
    }
    if (decoded->stack != identity.stack) return not_ours(store, "stack", decoded->stack, identity.stack);
    if (decoded->environment != identity.environment) return not_ours(store, "environment", decoded->environment, identity.environment);
    return decoded;
}

}  // namespace

Result<std::unique_ptr<StateSession>> StateSession::load(StateStore& store, const SealKey& key, const Identity& identity) {
    auto snapshot = store.read_snapshot();
    if (!snapshot) return std::move(snapshot).error();
    State state{.lineage = {}, .stack = identity.stack, .environment = identity.environment};
    std::string version;
    if (auto& saved = *snapshot) {
        const auto document = parse_snapshot(store, saved->content);
        if (!document) return document.error();
        auto decoded = decode_snapshot(store, StateCodec{key, context_of(identity, lineage_of(*document))}, *document, identity);
        if (!decoded) return std::move(decoded).error();
        state = std::move(*decoded);
        version = std::move(saved->version);
    } else {
        auto lineage = lineage_before_first_snapshot(store);
        if (!lineage) return std::move(lineage).error();
        state.lineage = std::move(*lineage);
    }
    StateCodec codec{key, context_of(identity, state.lineage)};
    std::unique_ptr<StateSession> session{new StateSession{store, key, std::move(codec), std::move(state), std::move(version)}};
    if (auto loaded = session->load_journal(); !loaded) return std::move(loaded).error();
    return session;
}

Status StateSession::load_journal() {
    auto segments = store_->read_segments(std::max(last_segment_, state_.journal));
    if (!segments) return std::move(segments).error();
    last_segment_ = std::max(last_segment_, state_.journal);
    for (const auto& [number, content] : *segments) {
        const auto where = fmt::format("{}, journal segment {}", store_->location(), number);
        const auto unreadable = [&](std::string cause) {
            return Error{.kind = ErrorKind::state_unreadable,
                         .summary = "Journal cannot be read",
                         .cause = fmt::format("{}: {}", where, cause),
                         .remedy = "Nothing was written. Restore the folder from a backup."};
        };
        if (number != last_segment_ + 1) return unreadable(fmt::format("segment {} is missing.", last_segment_ + 1));
        const auto document = parse_json(content, where);
        const auto* records = document.ok() ? document->find("records") : nullptr;
        if (records == nullptr || records->list() == nullptr) return unreadable("it is damaged.");
        if (lineage_of(*document) != state_.lineage) return unreadable("it belongs to another stack.");
        for (const auto& record : *records->list()) {
            auto mutation = decode_mutation(codec_, record);
            if (!mutation) return unreadable(mutation.error().cause);
            apply(state_, *mutation);
        }
        last_segment_ = number;
        changed_ = true;
    }
    return {};
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
        const auto batch = std::exchange(waiting_, {});
        const auto last = queued_;
        hold.unlock();
        auto outcome = write_segment(batch);
        hold.lock();
        writing_ = false;
        if (!outcome) {
            failure_ = outcome.error();
            unsaved_.insert(unsaved_.end(), batch.begin(), batch.end());
        } else {
            for (const auto& record : batch)
                for (const auto& mutation : record) apply(state_, mutation);
            durable_ = last;
            changed_ = true;
        }
        written_.notify_all();
    }
    return {};
}

Status StateSession::write_segment(const std::vector<std::vector<Mutation>>& records) {
    ValueList encoded;
    if (!epoch_.empty()) encoded.push_back(encode(codec_, Mutation{.kind = Mutation::Kind::epoch, .key = epoch_}));
    for (const auto& record : records)
        for (const auto& mutation : record) encoded.push_back(encode(codec_, mutation));
    const auto content = to_json(Value::map({{"format", state_format}, {"lineage", state_.lineage}, {"records", std::move(encoded)}}));
    auto written = store_->create_segment(last_segment_ + 1, content);
    if (!written && written.error().kind == ErrorKind::conflict)
        return Error{.kind = ErrorKind::stale_plan,
                     .summary = "Another run took this stack over",
                     .cause = fmt::format("{}: journal segment {} was written by somebody else.", store_->location(), last_segment_ + 1),
                     .remedy = "This run sends nothing more. Run the command again."};
    if (!written) return written;
    epoch_.clear();
    ++last_segment_;
    return {};
}

Status StateSession::save() {
    std::unique_lock hold{mutex_};
    if (!changed_) return {};
    State next = state_;
    next.serial = state_.serial + 1;
    next.journal = last_segment_;
    if (auto breach = broken_invariant(next); !breach.empty())
        return Error{.kind = ErrorKind::state_not_saved,
                     .summary = "State is not sound",
                     .cause = breach + ".",
                     .remedy = "The journal holds everything that was done. Please report this as a mistake in Strata."};
    auto version = store_->write_snapshot(to_json(codec_.encode(next), JsonStyle::indented), version_);
    if (!version) return std::move(version).error();
    version_ = std::move(*version);
    state_ = std::move(next);
    changed_ = false;
    return store_->remove_segments(state_.journal);
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
    return to_json(codec_.encode(full), JsonStyle::indented);
}

}  // namespace strata
