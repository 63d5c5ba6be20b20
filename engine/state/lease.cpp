#include "engine/state/lease.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

constexpr int most_conflicts = 10;  // of writers that came in between, before the lock counts as held
/// Clocks of two machines differ by this much without anybody noticing.
constexpr Milliseconds clock_tolerance{5'000};
constexpr Milliseconds between_tries{1'000};

constexpr std::array<std::pair<LockRecord::State, std::string_view>, 3> state_names = {
    {{LockRecord::State::held, "held"}, {LockRecord::State::released, "released"}, {LockRecord::State::removed, "removed"}}};

std::string encode(const LockRecord& record) {
    const auto& owner = record.owner;
    const auto name = std::ranges::find(state_names, record.state, &std::pair<LockRecord::State, std::string_view>::first)->second;
    return to_json(Value::map({{"state", name},
                               {"run", owner.run},
                               {"user", owner.user},
                               {"host", owner.host},
                               {"process", owner.process},
                               {"process_start", static_cast<std::int64_t>(record.process_start)},
                               {"machine", owner.machine},
                               {"purpose", owner.purpose},
                               {"since", owner.since},
                               {"until", record.until},
                               // No two writes are alike, so that a write whose answer was lost is known again.
                               {"write", random_token()}}));
}

std::optional<LockRecord> decode(std::string_view content) {
    const auto document = parse_json(content, "the lock", small_json);
    if (!document.ok()) return std::nullopt;
    const auto text = [&](std::string_view key) {
        const auto* found = document->find(key);
        return std::string{found != nullptr ? found->text_or("") : ""};
    };
    const auto number = [&](std::string_view key) {
        const auto* found = document->find(key);
        return found != nullptr ? found->integer_or(0) : 0;
    };
    const auto state = std::ranges::find(state_names, text("state"), &std::pair<LockRecord::State, std::string_view>::second);
    if (state == state_names.end() || (state->first == LockRecord::State::held && !parse_iso8601(text("until")))) return std::nullopt;
    return LockRecord{.state = state->first,
                      .owner = {.run = text("run"),
                                .user = text("user"),
                                .host = text("host"),
                                .process = number("process"),
                                .machine = text("machine"),
                                .purpose = text("purpose"),
                                .since = text("since")},
                      .process_start = static_cast<std::uint64_t>(number("process_start")),
                      .until = text("until")};
}

Error garbage(const ObjectStore& objects, const std::string& name) {
    return Error{.kind = ErrorKind::lock_held,
                 .summary = "The lock cannot be understood",
                 .cause = fmt::format("{} does not say who holds this stack.", objects.location(name)),
                 .remedy = "See that nobody works on the stack, then take it away:\n  strata state unlock STACK"};
}

/// The end of a lease; long ago for one that does not say.
WallTime end_of(const LockRecord& record) { return parse_iso8601(record.until).value_or(WallTime{}) + clock_tolerance; }

Error held(const ObjectStore& objects, const std::string& name, const LockRecord& record, WallTime now) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(end_of(record) - now);
    return Error{.kind = ErrorKind::lock_held,
                 .summary = "Another run works on this stack",
                 .cause = fmt::format("{}: held for {}; its lease ends in {} s unless it is renewed.", objects.location(name),
                                      shown(record.owner), std::max<std::int64_t>(left.count(), 0)),
                 .remedy = "Wait until it has ended and try again, or let this command wait:\n  --lock-timeout 300"};
}

bool is_gone(const LockRecord& record) {
    return !record.owner.machine.empty() && record.owner.machine == this_machine() && has_ended(record.owner.process, record.process_start);
}

Error not_written(Error why) {
    if (why.kind == ErrorKind::conflict) return why;
    why.kind = ErrorKind::state_not_saved;
    if (why.remedy.empty())
        why.remedy =
            "See that the place of the state can be written to and has room; \"state\" in the environment's configuration names it.";
    return why;
}

Error taken_by_another(const ObjectStore& objects, const std::string& name) {
    return Error{.kind = ErrorKind::stale_plan,
                 .summary = "Another run took this stack over",
                 .cause = fmt::format("{} is no longer this run's: it was not renewed in time, or was taken away.", objects.location(name)),
                 .remedy = "This run writes and sends nothing more. Run the command again."};
}

Error ignores_conditions(const ObjectStore& objects, const std::string& name) {
    return Error{
        .kind = ErrorKind::state_not_saved,
        .summary = "The store ignores conditions",
        .cause = fmt::format("{} was written a second time although the write asked to be refused (If-None-Match, If-Match): two runs "
                             "at once would overwrite each other's state.",
                             objects.location(name)),
        .remedy = "Nothing was deployed. Keep state in a store with conditional writes: AWS S3, MinIO, R2, or a folder."};
}

Result<std::optional<ObjectStore::Object>> read_object(ObjectStore& objects, const std::string& name) {
    auto found = objects.read(std::array{name});
    if (!found) return std::move(found).error();
    return std::move(found->front());
}

}  // namespace

std::string shown(const LockOwner& owner) {
    return fmt::format("\"{}\" by {}@{} (process {}) since {}", owner.purpose, owner.user, owner.host, owner.process, owner.since);
}

Lease::Lease(ObjectStore& objects, std::string name, LockRequest request, Clock& clock)
    : objects_{objects}, name_{std::move(name)}, request_{std::move(request)}, clock_{clock} {}

Result<std::unique_ptr<Lease>> Lease::take(ObjectStore& objects, std::string name, LockRequest request, Clock& clock) {
    std::unique_ptr<Lease> lease{new Lease{objects, std::move(name), std::move(request), clock}};
    const auto give_up_at = std::chrono::steady_clock::now() + lease->request_.patience;
    for (bool first = true;; first = false) {
        std::optional<Error> in_the_way;
        if (auto tried = lease->try_once(in_the_way); !tried) return std::move(tried).error();
        if (!in_the_way) break;
        if (std::chrono::steady_clock::now() >= give_up_at) return *in_the_way;
        const auto& ask = lease->request_.waiting;
        if (ask && !ask(first ? in_the_way : std::nullopt))
            return Error{.kind = ErrorKind::interrupted, .summary = "Interrupted", .cause = "Nothing was changed.", .remedy = {}};
        std::this_thread::sleep_for(between_tries);
    }
    if (objects.wants_probe())
        if (auto honoured = lease->probe(); !honoured) return std::move(honoured).error();
    if (lease->request_.terms.renew_every > Milliseconds{0}) lease->renewer_ = std::thread{[raw = lease.get()] { raw->keep_alive(); }};
    return lease;
}

std::string Lease::record(LockRecord::State state, WallTime until) const {
    return encode(
        {.state = state, .owner = request_.owner, .process_start = start_of_process(request_.owner.process), .until = iso8601(until)});
}

/// @param in_the_way  set when somebody else holds it
Status Lease::try_once(std::optional<Error>& in_the_way) {
    for (int conflicts = 0; conflicts < most_conflicts; ++conflicts) {
        const auto present = read_object(objects_, name_);
        if (!present) return not_written(present.error());
        const auto now = clock_.now();
        const auto& object = *present;
        const auto before = object ? decode(object->content) : std::nullopt;
        if (object && !before) {
            in_the_way = garbage(objects_, name_);
            return {};
        }
        if (before && is_held(*before, now)) {
            in_the_way = held(objects_, name_, *before, now);
            return {};
        }
        const auto until = now + request_.terms.duration;
        const auto content = record(LockRecord::State::held, until);
        auto written = objects_.write(name_, content, object ? object->version : std::string{});
        if (!written && written.error().kind == ErrorKind::conflict) continue;
        if (!written) {
            unheard_.push_back(content);
            return not_written(std::move(written).error());
        }
        version_ = std::move(*written);
        until_ = until;
        taken_over_ = before && before->state != LockRecord::State::released;
        return {};
    }
    in_the_way = Error{.kind = ErrorKind::lock_held,
                       .summary = "Another run works on this stack",
                       .cause = fmt::format("{}: others took it {} times in a row.", objects_.location(name_), most_conflicts),
                       .remedy = "Try again."};
    return {};
}

/// A store that honours conditions refuses both of these writes.
Status Lease::probe() {
    const auto refuses = [&](std::string_view expected) -> Status {
        const auto written = objects_.write(name_, record(LockRecord::State::released, until_), expected);
        if (written.ok()) return ignores_conditions(objects_, name_);
        if (written.error().kind != ErrorKind::conflict) return not_written(written.error());
        return {};
    };
    if (auto kept = refuses(""); !kept) return kept;
    return refuses("\"00000000000000000000000000000000\"");
}

Status Lease::confirm() {
    const std::scoped_lock hold{mutex_};
    if (lost_) return *lost_;
    // A renewal that took longer than the lease lasts has told nothing about now.
    while (clock_.now() >= until_)
        if (auto renewed = renew_locked(); !renewed) return renewed;
    return {};
}

Status Lease::renew() {
    const std::scoped_lock hold{mutex_};
    if (lost_) return *lost_;
    return renew_locked();
}

void Lease::abandon() {
    const std::scoped_lock hold{mutex_};
    abandoned_ = objects_.wants_probe();
}

/// Writes over what this run wrote last, also over a write that seemed to fail and was carried out.
Result<std::string> Lease::write_own(const std::string& content) {
    auto written = objects_.write(name_, content, version_);
    if (!written && written.error().kind == ErrorKind::conflict && find_unheard()) written = objects_.write(name_, content, version_);
    if (written) unheard_.clear();
    if (!written && written.error().kind != ErrorKind::conflict) unheard_.push_back(content);
    return written;
}

/// True when what is there was written by this run without its hearing of it.
bool Lease::find_unheard() {
    if (unheard_.empty()) return false;
    const auto present = read_object(objects_, name_);
    if (!present) return false;
    const auto& object = *present;
    if (!object || std::ranges::find(unheard_, object->content) == unheard_.end()) return false;
    version_ = object->version;
    return true;
}

Status Lease::renew_locked() {
    const auto until = clock_.now() + request_.terms.duration;
    auto written = write_own(record(LockRecord::State::held, until));
    if (!written && written.error().kind == ErrorKind::conflict) {
        lost_ = taken_by_another(objects_, name_);
        return *lost_;
    }
    if (!written) return not_written(std::move(written).error());
    version_ = std::move(*written);
    until_ = until;
    return {};
}

/// A renewal that fails is tried again at the next one; who writes after the lease has run out hears of it from confirm().
void Lease::keep_alive() {
    std::unique_lock hold{mutex_};
    auto renew_at = std::chrono::steady_clock::now() + request_.terms.renew_every;
    while (!ended_.wait_for(hold, turn(), [this] { return ending_; })) {
        if (lost_) return;
        if (std::chrono::steady_clock::now() >= renew_at) {
            [[maybe_unused]] const auto renewed = renew_locked();
            renew_at = std::chrono::steady_clock::now() + request_.terms.renew_every;
        }
        hold.unlock();
        look_for_request();
        hold.lock();
    }
}

Milliseconds Lease::turn() const {
    const auto& terms = request_.terms;
    return objects_.wants_probe() || !request_.asked_to_stop ? terms.renew_every : std::min(terms.look_every, terms.renew_every);
}

/// What cannot be read is looked for again at the next turn.
void Lease::look_for_request() {
    if (!request_.asked_to_stop) return;
    const auto read = read_stop_request(objects_, name_);
    if (!read) return;
    const auto& found = *read;
    if (!found || found->run != request_.owner.run) return;
    const auto& heard = heard_;
    if (heard && (heard->now || !found->now)) return;
    heard_ = *found;
    request_.asked_to_stop(*found);
}

Lease::~Lease() {
    {
        const std::scoped_lock hold{mutex_};
        ending_ = true;
    }
    ended_.notify_all();
    if (renewer_.joinable()) renewer_.join();
    if (lost_ || abandoned_ || (version_.empty() && !find_unheard())) return;
    // Whatever lies there is for this run, or for one before it: nobody else could be asked as long as this one held the lock.
    [[maybe_unused]] const auto removed = remove_stop_request(objects_, name_);
    // Whoever finds it not given back waits for its end.
    const auto state = taken_over_ ? LockRecord::State::removed : LockRecord::State::released;
    [[maybe_unused]] const auto given_back = write_own(record(state, until_));
}

Result<std::optional<LockRecord>> read_lock(ObjectStore& objects, const std::string& name) {
    const auto present = read_object(objects, name);
    if (!present) return present.error();
    const auto& object = *present;
    if (!object) return std::optional<LockRecord>{};
    auto record = decode(object->content);
    if (!record) {
        auto why = garbage(objects, name);
        why.kind = ErrorKind::state_unreadable;
        return why;
    }
    return record;
}

bool is_held(const LockRecord& record, WallTime now) {
    return record.state == LockRecord::State::held && end_of(record) >= now && !is_gone(record);
}

Status remove_lock(ObjectStore& objects, const std::string& name) {
    const auto present = read_object(objects, name);
    if (!present) return present.error();
    const auto& object = *present;
    if (!object) return {};
    auto record = decode(object->content).value_or(LockRecord{});
    record.state = LockRecord::State::removed;
    if (auto written = objects.write(name, encode(record), object->version); !written) return std::move(written).error();
    return {};
}

}  // namespace strata
