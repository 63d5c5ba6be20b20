#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/deploy/deployment.hpp"
#include "engine/deploy/events.hpp"
#include "engine/state/session.hpp"

namespace strata {

/// Reads the journal of an update as the events that its run emits. Steps that need no call, and such as are not begun, leave no trace.
class JournalEvents {
public:
    /// @param before  the state that the update found
    explicit JournalEvents(State before) : state_{std::move(before)} { outcome_.stack = state_.stack; }

    /// Segments in order. @param now  by which clock what is in flight has taken how long
    std::vector<Event> take(const Journaled& segment, WallTime now);

    [[nodiscard]] std::size_t steps() const { return steps_; }  ///< planned
    [[nodiscard]] bool ended() const { return ended_; }         ///< the update has come to its end
    [[nodiscard]] double seconds() const { return seconds_; }   ///< that it took
    /// Another run took the stack from this one, which had not given it back: what follows in the journal is not its own.
    [[nodiscard]] bool taken_over() const { return taken_over_; }
    /// Of an update that has ended.
    [[nodiscard]] const StackOutcome& outcome() const { return outcome_; }

private:
    struct Running {
        Event event;  ///< as of its start
        WallTime since{};
    };
    using Records = std::vector<Mutation>;

    void read(const Records& records, std::size_t at);
    void begin(const Mutation& mutation);
    void progress(const Mutation& mutation);
    void end(const Records& records, std::size_t at);
    void without_a_call(const Mutation& mutation);
    void update_begin(const Mutation& mutation);
    void update_end(const Mutation& mutation);
    void start(const OpenStep& open, const Value& marks);
    void fail(const Running& running, const Value& failure);
    void emit(Event event, Event::Kind kind, WallTime since);
    [[nodiscard]] std::string made_id(const Records& records, std::size_t at, const std::string& address) const;

    State state_;
    std::map<std::string, Running, std::less<>> running_;  ///< by step
    std::string settling_;                                 ///< address of the step whose effects follow its end
    std::size_t steps_ = 0;
    bool ended_ = false;
    bool taken_over_ = false;
    double seconds_ = 0;
    StackOutcome outcome_;
    // Of the segment that is being read.
    WallTime at_{};
    WallTime now_{};
    std::vector<Event> events_;
};

}  // namespace strata
