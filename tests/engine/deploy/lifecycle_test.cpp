#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "tests/engine/deploy/lifecycle_case.hpp"
#include "tests/engine/deploy/test_stack.hpp"
#include "tests/engine/fake_cloud.hpp"
#include "tests/engine/state/hooked_objects.hpp"
#include "tests/engine/state/memory_objects.hpp"
#include "tests/engine/state/stored_lake.hpp"

// Random programs, random commands, random trouble: whatever happened, the state that is stored is sound after each write and knows
// everything that is there; and once the trouble is over, one `up` makes everything as it is declared. More cases, and one again:
//
//     RC_PARAMS="max_success=10000" build/tests/lifecycle_test
//     RC_PARAMS="reproduce=..." build/tests/lifecycle_test        (as a failure prints it)

namespace strata::fake {
namespace {

/// The stack of somebody who does one thing after another, and the service behind it.
class World {
public:
    void carry_out(const Doing& doing) {
        if (!doing.same_program) program_ = doing.program;
        note_what_is_kept();
        clear_away_what_was_left_behind();
        if (doing.what == Doing::What::outside) return change_outside(doing);
        arm(doing.trouble);
        Run run{*this};
        if (doing.what == Doing::What::up_targets || doing.what == Doing::What::destroy_targets)
            run.options.selection.targets = {address_of(program_, doing.target)};
        run_ = &run;
        const auto result = act(run, doing.what);
        run_ = nullptr;
        for (const auto& error : result.errors) hear(error);
        for (const auto& failure : result.outcome.failures) hear(failure.error);
        disarm();
    }

    /// What is wrong now that nothing goes wrong any more; "" when nothing is.
    std::string fault_after_healing() {
        Run run{*this};
        const auto converged = up(run);
        if (!converged.ok()) return "up fails: " + converged.error_text();
        const auto again = up(run);
        if (!again.ok() || again.plan.has_changes()) return "the second up has something to do: " + again.error_text();
        const auto state = run.state();
        if (!state.open.empty() || !state.deposed.empty()) return "state has steps or replaced resources that are not done with";
        if (auto wrong = difference(state); !wrong.empty()) return wrong;
        const auto destroyed = run.destroy();
        if (!destroyed.ok()) return "destroy fails: " + destroyed.error_text();
        return difference(run.state());
    }

    std::vector<std::string> faults;

private:
    /// A process that runs one command.
    class Run : public TestStack {
    public:
        explicit Run(World& world)
            : TestStack{{.name = "dev", .account = "123456789012", .region = "here"},
                        {{.name = "fake", .kind = "fake", .config = {}, .default_tags = {}, .ignore_tags = {}, .declared_at = {}}}} {
            clock = &world.clock_;
            // Its predecessor may have died with the lock in its hand.
            world.clock_.pass(Milliseconds{70'000});
            options.parallel = 1;
            lock.owner.run = fmt::format("run-{}", ++world.runs_);
            serve(kind(world.cloud_));
            objects = std::make_unique<HookedObjects>(
                world.objects_, [&world](const StoreCall&) { return world.fate(); },
                [&world](const StoreCall& call, bool done) {
                    if (done && call.changes_something()) world.look_at_state();
                });
        }
    };

    TestStack::Result up(Run& run) {
        return run.up([this](Stack& stack) { declare(stack, program_, runs_); });
    }

    TestStack::Result act(Run& run, Doing::What what) {
        const auto declared = [this](Stack& stack) { declare(stack, program_, runs_); };
        switch (what) {
            case Doing::What::up:
            case Doing::What::up_targets: return run.up(declared);
            case Doing::What::preview: return run.preview(declared);
            case Doing::What::refresh: return run.refresh(declared);
            case Doing::What::destroy:
            case Doing::What::destroy_targets: return run.destroy();
            case Doing::What::outside: return {};
        }
        return {};
    }

    // --- trouble ---

    void arm(const Trouble& trouble) {
        trouble_ = trouble;
        changes_ = 0;
        store_calls_ = 0;
        cloud_.polls_needed = trouble.polls;
        int index = 0;
        for (const auto& [id, object] : cloud_.objects) {
            if (index < trouble.unreadable) cloud_.unreadable.insert(id);
            if (index < trouble.missed) cloud_.batched_read_misses.insert(id);
            ++index;
        }
        cloud_.refuse = [this](const Step&) -> std::optional<Error> {
            ++changes_;
            for (int i = 0; i < trouble_.interrupts && changes_ == trouble_.interrupted_at; ++i) run_->interrupt.ask(2);
            if (changes_ != trouble_.refused_change) return std::nullopt;
            return Error{.kind = ErrorKind::service, .summary = "The service says no", .cause = {}, .remedy = {}};
        };
        cloud_.lose_answer = [this](const Step&) { return changes_ == trouble_.lost_change; };
    }

    void disarm() {
        trouble_ = {};
        cloud_.refuse = {};
        cloud_.lose_answer = {};
        cloud_.unreadable.clear();
        cloud_.batched_read_misses.clear();
        cloud_.polls_needed = 0;
    }

    CallFate fate() {
        ++store_calls_;
        const bool goes_wrong = trouble_.store_call > 0 &&
                                (store_calls_ == trouble_.store_call || (trouble_.store_for_good && store_calls_ > trouble_.store_call));
        return goes_wrong ? static_cast<CallFate>(trouble_.store_fate) : CallFate::carried_out;
    }

    void change_outside(const Doing& doing) {
        if (cloud_.objects.empty()) return;
        auto at = std::next(cloud_.objects.begin(), doing.target % static_cast<std::ptrdiff_t>(cloud_.objects.size()));
        if (doing.trouble.polls > 0) cloud_.objects.erase(at);
        else at->second.properties.set("Content", "changed by somebody else");
    }

    // --- what must be so ---

    /// What a program says is kept stays behind also where another one made it.
    void note_what_is_kept() {
        for (std::size_t place = 0; place < program_.size(); ++place)
            if (program_[place].there && is_kept(program_[place])) kept_places_.insert(static_cast<int>(place));
    }

    /// Somebody does, whom the names of such things stand in the way.
    void clear_away_what_was_left_behind() {
        StateStore store{objects_, "test"};
        const auto opened = StateSession::open(store, key_, {.stack = "test", .environment = "dev"}, {.clock = &clock_});
        if (!opened) return faults.push_back(opened.error().text());
        const auto state = (*opened)->state();
        const auto known = ids_of(state);
        if (state.open.empty())
            std::erase_if(cloud_.objects,
                          [&](const auto& object) { return is_left_behind(object.first) && !known.contains(object.first); });
    }

    [[nodiscard]] bool is_left_behind(const std::string& id) const {
        return std::ranges::any_of(kept_places_, [&](int place) { return is_of(place, id); });
    }

    /// No command says that it met a mistake in Strata, or that something exists already that it made itself.
    void hear(const Error& error) {
        if (error.kind == ErrorKind::internal || error.kind == ErrorKind::conflict) faults.push_back(error.text());
    }

    void look_at_state() {
        StateStore store{objects_, "test"};
        const auto opened = StateSession::open(store, key_, {.stack = "test", .environment = "dev"}, {.clock = &clock_});
        if (!opened) return faults.push_back(opened.error().text());
        if (!(*opened)->exists()) return;
        const auto state = (*opened)->state();
        if (auto breach = broken_invariant(state); !breach.empty()) faults.push_back(breach);
        if (auto orphan = orphan_of(state); !orphan.empty()) faults.push_back(orphan);
    }

    /// Everything that is there is known, or about to be made.
    std::string orphan_of(const State& state) {
        std::set<std::string> tokens;
        for (const auto& [step, open] : state.open) tokens.insert(open.token);
        const auto ids = ids_of(state);
        for (const auto& [id, object] : cloud_.objects)
            if (!is_left_behind(id) && !ids.contains(id) && !tokens.contains(object.token))
                return fmt::format("state does not know {}", id);
        return {};
    }

    static std::set<std::string> ids_of(const State& state) {
        std::set<std::string> ids;
        for (const auto& [address, resource] : state.resources) ids.insert(resource.id);
        for (const auto& old : state.deposed) ids.insert(old.id);
        return ids;
    }

    std::string difference(const State& state) const {
        const auto known = ids_of(state);
        for (const auto& [id, object] : cloud_.objects)
            if (!is_left_behind(id) && !known.contains(id)) return fmt::format("{} is there, and state does not know it", id);
        for (const auto& id : known)
            if (!cloud_.objects.contains(id)) return fmt::format("state knows {}, which is not there", id);
        return {};
    }

    Program program_{static_cast<std::size_t>(places)};
    std::set<int> kept_places_;
    MemoryObjects objects_;
    Cloud cloud_;
    HandClock clock_;
    SealKey key_{"0123456789abcdef0123456789abcdef"};
    int runs_ = 0;
    Run* run_ = nullptr;
    Trouble trouble_;
    int changes_ = 0;
    int store_calls_ = 0;
};

RC_GTEST_PROP(Lifecycle, StateIsSoundAfterEachWriteAndOneUpMendsEverything, ()) {
    const auto life = *rc::gen::resize(6, rc::gen::container<std::vector<Doing>>(any_doing()));
    World world;
    for (const auto& doing : life) {
        world.carry_out(doing);
        for (const auto& fault : world.faults) RC_FAIL(fault);
    }
    const auto fault = world.fault_after_healing();
    RC_LOG() << fault;
    RC_ASSERT(fault == "");
    RC_ASSERT(world.faults == std::vector<std::string>{});
}

}  // namespace
}  // namespace strata::fake
