#include <map>

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "engine/base/json.hpp"
#include "tests/engine/state/any_mutation.hpp"
#include "tests/engine/state/memory_objects.hpp"
#include "tests/engine/state/stored_lake.hpp"

// What must hold of every journal, whatever is written into it.

namespace strata {
namespace {

using Records = std::vector<std::vector<Mutation>>;

/// The state of one stack in memory; every session is one run.
class MemoryLake {
public:
    std::unique_ptr<StateSession> open() { return opened(std::nullopt); }
    std::unique_ptr<StateSession> writer() { return opened(StoredLake::run("run-" + std::to_string(++runs_))); }
    /// Of a holder that did not give the lock back.
    void let_the_lease_run_out() { clock_.pass(Milliseconds{66'000}); }

private:
    std::unique_ptr<StateSession> opened(const std::optional<LockRequest>& lock) {
        auto session = StateSession::open(store_, keys_, {.stack = "lake", .environment = "dev"}, {.lock = lock, .clock = &clock_});
        if (!session) RC_FAIL(session.error().text());
        return std::move(*session);
    }

    MemoryObjects objects_;
    StateStore store_{objects_, "lake"};
    KeyRing keys_{SealKey{"0123456789abcdef0123456789abcdef"}};
    HandClock clock_;
    int runs_ = 0;
};

std::string shown(const Value& value) { return to_json(value.without_marks(), JsonStyle::indented); }

void assert_same(const State& found, const State& wanted) {
    if (plain(found) == plain(wanted)) return;
    RC_LOG() << "found " << shown(plain(found)) << "\nwanted " << shown(plain(wanted)) << "\n";
    RC_FAIL("the states differ");
}

rc::Gen<Records> records_of(rc::Gen<Mutation> mutation) {
    return rc::gen::resize(6,
                           rc::gen::container<Records>(rc::gen::nonEmpty(rc::gen::container<std::vector<Mutation>>(std::move(mutation)))));
}

RC_GTEST_PROP(CodecProperty, GivesBackEveryValue, ()) {
    const auto value = *any_value();
    const StateCodec codec{SealKey{"0123456789abcdef0123456789abcdef"}, "here"};
    const auto text = to_json(codec.encode(value));
    RC_LOG() << shown(value) << "\n" << text;
    const auto stored = parse_json(text, "stored");
    RC_ASSERT(stored.ok());
    const auto decoded = codec.decode(*stored);
    RC_ASSERT(decoded.ok());
    RC_ASSERT(*decoded == value);
}

RC_GTEST_PROP(CodecProperty, GivesBackEveryMutation, ()) {
    const auto mutation = *any_mutation();
    const StateCodec codec{SealKey{"0123456789abcdef0123456789abcdef"}, "here"};
    const auto text = to_json(encode(codec, mutation));
    RC_LOG() << text;
    const auto stored = parse_json(text, "stored");
    RC_ASSERT(stored.ok());
    const auto decoded = decode_mutation(codec, *stored);
    RC_ASSERT(decoded.ok());
    State one{.serial = 1};
    State other = one;
    apply(one, mutation);
    apply(other, *decoded);
    assert_same(other, one);
}

RC_GTEST_PROP(JournalProperty, ReplayedIsTheStateInMemory, ()) {
    MemoryLake lake;
    const auto session = lake.writer();
    const auto records = *rc::gen::nonEmpty(records_of(any_mutation()));
    for (const auto& record : records) RC_ASSERT(session->record(record).ok());
    assert_same(lake.open()->state(), session->state());
}

/// What a run does between two others.
enum class Then { folds, is_killed, keeps_its_journal };

RC_GTEST_PROP(JournalProperty, HasTheStateBeforeEveryUpdateAsFarBackAsItSays, ()) {
    MemoryLake lake;
    std::map<std::uint64_t, State> known;
    std::unique_ptr<StateSession> killed;
    const bool large = *rc::gen::arbitrary<bool>();  // then a journal is folded only when it has grown
    if (large) {
        ResourceState filler{.address = "filler", .type = "fake.Box", .id = "filler"};
        filler.facets[""].properties.set("Content", std::string(300'000, 'x'));
        const auto session = lake.writer();
        RC_ASSERT(session->record({{.kind = Mutation::Kind::put_resource, .resource = filler}}).ok());
        RC_ASSERT(session->save().ok());
    }
    for (const auto& record : *rc::gen::resize(30, rc::gen::container<Records>(rc::gen::nonEmpty(
                                                       rc::gen::resize(4, rc::gen::container<std::vector<Mutation>>(sound_mutation())))))) {
        auto session = lake.writer();
        auto before = session->state();
        // The key for hashes comes with the first record.
        if (before.serial == 0) before.hash_key.clear();
        known[before.serial] = std::move(before);
        session->begin_update();
        RC_ASSERT(session->record(record).ok());
        const auto then = *rc::gen::element(Then::folds, Then::folds, Then::is_killed, Then::keeps_its_journal);
        if (then == Then::folds) RC_ASSERT(session->finish({}).ok());
        if (then != Then::is_killed) continue;
        killed = std::move(session);
        lake.let_the_lease_run_out();
    }
    const auto session = lake.open();
    const auto state = session->state();
    RC_ASSERT(broken_invariant(state) == "");
    for (std::size_t back = 0; back < state.updates.size(); ++back) {
        const auto& update = state.updates[state.updates.size() - 1 - back];
        RC_LOG() << "update " << update.number << " began at " << update.before << "\n";
        const auto before = session->state_at(update.before);
        if (!before && back >= 20) continue;  // twenty snapshots are kept
        if (!before) RC_FAIL(before.error().text());
        if (known.contains(update.before)) assert_same(*before, known.at(update.before));
    }
}

}  // namespace
}  // namespace strata
