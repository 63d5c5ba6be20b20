#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <vector>

namespace strata {

/// Lets one of several actors go on at a time, and chooses which by a seed: the same seed gives the same order of everything that
/// they do. An actor may be several threads, as long as only one of them is at work.
class Baton {
public:
    /// @param steadiness  for how many points on average an actor goes on before another one may
    Baton(std::uint32_t seed, std::size_t actors, unsigned steadiness) : random_{seed}, actors_(actors), steadiness_{steadiness} {
        turn_ = number_below(actors);
    }

    /// Waits for the actor's first turn.
    void begin(std::size_t actor) {
        std::unique_lock hold{mutex_};
        passed_.wait(hold, [&] { return turn_ == actor; });
    }
    /// A point at which others may go on.
    void pass(std::size_t actor) {
        std::unique_lock hold{mutex_};
        ++points_;
        if (number_below(steadiness_) != 0) return;
        choose();
        passed_.wait(hold, [&] { return turn_ == actor; });
    }
    /// A point at which the actor stands still, while the others come to `points` of theirs or to their end.
    void pause(std::size_t actor, std::size_t points) {
        std::unique_lock hold{mutex_};
        actors_[actor].paused_until = ++points_ + points;
        choose();
        passed_.wait(hold, [&] { return turn_ == actor; });
    }
    void end(std::size_t actor) {
        const std::scoped_lock hold{mutex_};
        actors_[actor].ended = true;
        choose();
    }

    /// Only for who has the turn.
    [[nodiscard]] std::size_t number_below(std::size_t limit) { return static_cast<std::size_t>(random_()) % limit; }
    /// Points that were come to so far.
    [[nodiscard]] std::size_t points() const { return points_; }

private:
    struct Actor {
        bool ended = false;
        std::size_t paused_until = 0;  ///< a number of points
    };

    void choose() {
        std::vector<std::size_t> left;
        std::vector<std::size_t> awake;
        for (std::size_t i = 0; i < actors_.size(); ++i) {
            if (actors_[i].ended) continue;
            left.push_back(i);
            if (actors_[i].paused_until <= points_) awake.push_back(i);
        }
        const auto& among = awake.empty() ? left : awake;
        if (!among.empty()) turn_ = among[number_below(among.size())];
        passed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable passed_;
    std::mt19937 random_;
    std::vector<Actor> actors_;
    unsigned steadiness_;
    std::size_t turn_ = 0;
    std::size_t points_ = 0;
};

}  // namespace strata
