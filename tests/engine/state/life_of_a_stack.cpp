#include "tests/engine/state/life_of_a_stack.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/json.hpp"

namespace strata {

namespace {

constexpr std::size_t archiving = 17;  // the step that puts the stack aside

LifeOfAStack::Addresses addresses_of(const State& state) {
    LifeOfAStack::Addresses addresses;
    for (const auto& [address, resource] : state.resources) addresses.insert(address);
    return addresses;
}

}  // namespace

std::span<const LifeOfAStack::Step> LifeOfAStack::steps() {
    static const std::array<Step, 22> table = {{
        {"the first run opens", [](LifeOfAStack& life) { return life.open("first"); }, {}},
        {"puts a", [](LifeOfAStack& life) { return life.put("a"); }, {"a"}},
        {"puts b", [](LifeOfAStack& life) { return life.put("b"); }, {"a", "b"}},
        {"folds", [](LifeOfAStack& life) { return life.session_->save(); }, {"a", "b"}},
        {"the second run opens", [](LifeOfAStack& life) { return life.open("second"); }, {"a", "b"}},
        {"begins an update and puts c", [](LifeOfAStack& life) { return life.update("c"); }, {"a", "b", "c"}},
        {"drops a", [](LifeOfAStack& life) { return life.drop("a"); }, {"b", "c"}},
        {"finishes the update", [](LifeOfAStack& life) { return life.session_->finish({}); }, {"b", "c"}},
        {"the third run opens", [](LifeOfAStack& life) { return life.open("third"); }, {"b", "c"}},
        {"puts d", [](LifeOfAStack& life) { return life.put("d"); }, {"b", "c", "d"}},
        {"is paused, and the fourth run takes over", [](LifeOfAStack& life) { return life.take_over("fourth"); }, {"b", "c", "d"}},
        {"begins an update and puts e", [](LifeOfAStack& life) { return life.update("e"); }, {"b", "c", "d", "e"}},
        {"the paused one wakes up and is refused", [](LifeOfAStack& life) { return life.wake_the_paused_one(); }, {"b", "c", "d", "e"}},
        {"the fourth run finishes the update", [](LifeOfAStack& life) { return life.session_->finish({}); }, {"b", "c", "d", "e"}},
        {"drops b", [](LifeOfAStack& life) { return life.drop("b"); }, {"c", "d", "e"}},
        {"writes all of it anew", [](LifeOfAStack& life) { return life.session_->save_whole(); }, {"c", "d", "e"}},
        {"puts f", [](LifeOfAStack& life) { return life.put("f"); }, {"c", "d", "e", "f"}},
        {"is put aside", [](LifeOfAStack& life) { return life.put_aside(); }, {}},
        {"a run on the new stack opens", [](LifeOfAStack& life) { return life.open("fifth"); }, {}},
        {"begins an update and puts g", [](LifeOfAStack& life) { return life.update("g"); }, {"g"}},
        {"finishes the update", [](LifeOfAStack& life) { return life.session_->finish({}); }, {"g"}},
        {"ends",
         [](LifeOfAStack& life) -> Status {
             life.session_.reset();
             return {};
         },
         {"g"}},
    }};
    return table;
}

std::size_t LifeOfAStack::length() { return steps().size(); }

std::string_view LifeOfAStack::next() const { return done_ < length() ? steps()[done_].name : "the end"; }

Status LifeOfAStack::live(const std::function<void()>& step_done) {
    for (; done_ < length(); ++done_, step_done())
        if (auto acted = steps()[done_].act(*this); !acted) return acted;
    return {};
}

Status LifeOfAStack::open(const std::string& run) {
    session_.reset();
    auto opened =
        StateSession::open(store_, keys_, {.stack = "lake", .environment = "dev"}, {.lock = StoredLake::run(run), .clock = &clock_});
    if (!opened) return std::move(opened).error();
    session_ = std::move(*opened);
    return {};
}

Status LifeOfAStack::put(const std::string& address) {
    wanted_.insert(address);
    return StoredLake::put(*session_, address);
}

Status LifeOfAStack::drop(const std::string& address) {
    wanted_.erase(address);
    return session_->record({{.kind = Mutation::Kind::remove_resource, .address = address}});
}

Status LifeOfAStack::update(const std::string& address) {
    session_->begin_update();
    return put(address);
}

Status LifeOfAStack::take_over(const std::string& run) {
    paused_ = std::move(session_);
    clock_.pass(Milliseconds{66'000});
    return open(run);
}

/// Fails when that run can still write, or cannot for another reason.
Status LifeOfAStack::wake_the_paused_one() {
    auto written = StoredLake::put(*paused_, "too late");
    paused_.reset();
    if (written) return Error{.kind = ErrorKind::internal, .summary = "A run that was paused could write", .cause = {}, .remedy = {}};
    return written.error().kind == ErrorKind::stale_plan ? Status{} : written;
}

Status LifeOfAStack::put_aside() {
    auto done = store_.archive("before");
    if (done) wanted_.clear();
    return done;
}

LifeOfAStack::Addresses LifeOfAStack::known_to_the_session() const {
    if (!session_) return wanted_;
    const auto state = session_->read_document(session_->recovery_document(), "the recovery document");
    if (!state) return {state.error().text()};
    return addresses_of(*state);
}

// --- what is left ---

std::string LifeOfAStack::fault_in_state(const StateSession& session, std::size_t done) {
    const auto state = session.state();
    const auto found = addresses_of(state);
    // On its way to being put aside a stack may be as it was after any step.
    const auto first = done == archiving ? 0 : done;
    const auto last = std::min(done + 1, length());
    bool allowed = first == 0 && found.empty();
    for (auto step = std::max<std::size_t>(first, 1); step <= last; ++step) allowed |= steps()[step - 1].holds == found;
    if (!allowed) return fmt::format("it holds {} after \"{}\"", found, done > 0 ? steps()[done - 1].name : "nothing");
    for (const auto& [address, resource] : state.resources)
        if (resource.outputs != StoredLake::bucket(address).outputs) return fmt::format("{} is not whole", address);
    return session.exists() ? broken_invariant(state) : std::string{};
}

std::string LifeOfAStack::fault_in_history(const StateSession& session) {
    for (const auto& update : session.state().updates) {
        const auto before = session.state_at(update.before);
        if (!before) return fmt::format("the state before update {} cannot be had: {}", update.number, before.error().text());
        const auto found = addresses_of(*before);
        if (!found.empty() && std::ranges::none_of(steps(), [&](const Step& step) { return step.holds == found; }))
            return fmt::format("the state before update {} holds {}", update.number, found);
    }
    return {};
}

std::string LifeOfAStack::fault_in(ObjectStore& objects, std::size_t done) {
    LifeOfAStack life{objects};
    life.clock_.pass(Milliseconds{1'000'000});  // later than any lease
    const StateSession::Identity identity{.stack = "lake", .environment = "dev"};
    const auto read = StateSession::open(life.store_, life.keys_, identity, {.clock = &life.clock_});
    if (!read) return "it cannot be read: " + read.error().text();
    if (auto fault = fault_in_state(**read, done); !fault.empty()) return fault;
    // What is being put aside loses its history before it loses its state.
    if (done == archiving) return {};
    if (auto fault = fault_in_history(**read); !fault.empty()) return fault;

    if (auto opened = life.open("after"); !opened) return "it cannot be written: " + opened.error().text();
    if (auto fault = fault_in_state(*life.session_, done); !fault.empty()) return "for a writer " + fault;
    const auto before = addresses_of((*read)->state());
    if (auto updated = StoredLake::update(*life.session_, "z"); !updated) return "it cannot be updated: " + updated.error().text();
    life.session_.reset();
    const auto again = StateSession::open(life.store_, life.keys_, identity, {.clock = &life.clock_});
    if (!again) return "it cannot be read again: " + again.error().text();
    auto expected = before;
    expected.insert("z");
    if (addresses_of((*again)->state()) != expected) return fmt::format("it holds {} after one run more", addresses_of((*again)->state()));
    return fault_in_history(**again);
}

}  // namespace strata
