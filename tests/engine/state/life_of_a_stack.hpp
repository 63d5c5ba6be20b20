#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "tests/engine/state/stored_lake.hpp"

namespace strata {

/// Everything that sessions do to a stack from its first run to the day on which it is put aside and begun anew, step by step: for
/// tests that break off each of its calls. What state holds after each step is known beforehand.
class LifeOfAStack {
public:
    using Addresses = std::set<std::string>;

    explicit LifeOfAStack(ObjectStore& objects) : objects_{objects} {}

    /// Goes on until a step fails, or to the end. @param step_done  told after each
    Status live(const std::function<void()>& step_done = [] {});
    /// Steps that were reported as done.
    [[nodiscard]] std::size_t done() const { return done_; }
    /// Name of the step that comes next; "the end" after the last.
    [[nodiscard]] std::string_view next() const;
    /// Of a session that could not record something: all that it knows, as its recovery document says.
    [[nodiscard]] Addresses known_to_the_session() const;
    /// What the session must know then: also what could not be written.
    [[nodiscard]] const Addresses& wanted() const { return wanted_; }

    static std::size_t length();
    /// Opens the state that was left in `objects` when at least `done` steps were reported as done, and perhaps one more was carried
    /// out; first to read, then for one run more. "" when all is well, else what is wrong.
    static std::string fault_in(ObjectStore& objects, std::size_t done);

private:
    struct Step {
        std::string_view name;
        Status (*act)(LifeOfAStack& life);
        Addresses holds;
    };
    static std::span<const Step> steps();
    static std::string fault_in_state(const StateSession& session, std::size_t done);
    static std::string fault_in_history(const StateSession& session);

    Status open(const std::string& run);
    Status put(const std::string& address);
    Status drop(const std::string& address);
    Status update(const std::string& address);
    Status take_over(const std::string& run);
    Status wake_the_paused_one();
    Status put_aside();
    StateStore store() { return StateStore{objects_, "lake"}; }

    ObjectStore& objects_;
    StateStore store_{objects_, "lake"};
    KeyRing keys_{SealKey{"0123456789abcdef0123456789abcdef"}};
    HandClock clock_;
    std::unique_ptr<StateSession> session_;
    std::unique_ptr<StateSession> paused_;  ///< of a run that was taken over from
    std::size_t done_ = 0;
    Addresses wanted_;
};

}  // namespace strata
