#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/state/object_store.hpp"
#include "engine/state/stop_request.hpp"

namespace strata {

/// Who holds a stack's lock, and why.
struct LockOwner {
    std::string run;  ///< id of the run
    std::string user;
    std::string host;
    std::int64_t process = 0;
    std::string machine = {};  ///< this_machine(); "" where it cannot be told
    std::string purpose;       ///< "up"
    std::string since;         ///< ISO 8601
};

/// Names this boot of this machine and the process's place in it; two processes with the same name can see each other.
/// Empty where the system does not tell.
std::string this_machine();
/// When `process` of this machine was started, so that a later process with its number is not taken for it; 0 when there is none.
std::uint64_t start_of_process(std::int64_t process);
/// True when the process that was started then is certainly gone. One that /proc does not show (hidepid: of another user, or one that
/// cannot be dumped, as our own) and that still takes signals may be it.
bool has_ended(std::int64_t process, std::uint64_t start);

struct LeaseTerms {
    Milliseconds duration{60'000};     ///< without a renewal for so long, somebody else may take it
    Milliseconds renew_every{15'000};  ///< 0: only when asked (confirm)
    Milliseconds look_every{2'000};    ///< for a request to stop; in a store whose requests cost something only at each renewal
};

/// What a run wants of the lock.
struct LockRequest {
    LockOwner owner;
    LeaseTerms terms = {};
    Milliseconds patience{0};  ///< how long to wait for another holder (`--lock-timeout`)
    /// Told once, when the wait begins, and asked between two tries whether to go on; may be empty: go on.
    std::function<bool(const std::optional<Error>& held)> waiting = {};
    /// Told when somebody asks this run to stop, and once more when then asked to stop now, on the thread that keeps the lease alive;
    /// may be empty.
    std::function<void(const StopRequest& request)> asked_to_stop = {};
};

/// What the lock object says.
struct LockRecord {
    enum class State : std::uint8_t { held, released, removed };
    State state = State::released;
    LockOwner owner;
    std::uint64_t process_start = 0;
    std::string until;  ///< ISO 8601; the lease ends then, unless it is renewed
};

/// The lock of one stack: a lease with an owner that is renewed while its run lives. All of it is one object, written by
/// compare-and-swap only. It is a courtesy: what keeps state whole is that every other write is compare-and-swap too.
class Lease {
public:
    /// Takes the lock: when nobody has it, when its lease has run out, or when its holder was a process of this machine that is gone.
    /// @errors lock_held, naming the holder; interrupted when `waiting` says no; state_not_saved when it cannot be written, or
    ///         when the store does not honour conditions
    static Result<std::unique_ptr<Lease>> take(ObjectStore& objects, std::string name, LockRequest request, Clock& clock);
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    /// Gives it back; one that was taken over and not settled() so that the next one takes it over again.
    ~Lease();

    /// True when the holder before had not given it back: it may only be paused.
    [[nodiscard]] bool taken_over() const { return taken_over_; }
    /// Notes that no holder before this one can write anything any more.
    void settled() { taken_over_ = false; }
    /// Costs nothing while the lease lasts; renews one that has run out, if nobody took it meanwhile.
    /// @errors stale_plan when somebody did; state_not_saved when it cannot be renewed
    Status confirm();
    /// @errors as confirm()
    Status renew();
    /// The store takes nothing any more: where each call costs much time then, the lock is not given back but left to run out.
    void abandon();

private:
    Lease(ObjectStore& objects, std::string name, LockRequest request, Clock& clock);
    Result<std::string> acquire();
    Status try_once(std::optional<Error>& held);
    Status probe();
    Status renew_locked();
    Result<std::string> write_own(const std::string& content);
    bool find_unheard();
    void keep_alive();
    [[nodiscard]] Milliseconds turn() const;
    void look_for_request();
    [[nodiscard]] std::string record(LockRecord::State state, WallTime until) const;

    ObjectStore& objects_;
    std::string name_;
    LockRequest request_;
    Clock& clock_;
    bool taken_over_ = false;

    std::mutex mutex_;
    std::condition_variable ended_;
    bool ending_ = false;
    std::string version_;
    std::vector<std::string> unheard_;  ///< contents whose writes failed since, and may have been carried out nevertheless
    WallTime until_{};
    std::optional<Error> lost_;
    bool abandoned_ = false;
    std::optional<StopRequest> heard_;  ///< the request that was passed on; of the renewer
    std::thread renewer_;
};

/// What the lock object says now; empty when there is none. @errors state_unreadable when it says nothing sensible
Result<std::optional<LockRecord>> read_lock(ObjectStore& objects, const std::string& name);
/// False when the lock was given back or taken away, when its lease has run out, and when its holder is a process of this machine that is
/// gone: the next run may have it.
bool is_held(const LockRecord& record, WallTime now);
/// Takes the lock away from whoever has it, by compare-and-swap with what was read: the next holder knows that it was not given back.
/// Also of an object that cannot be understood. @errors conflict when it changed meanwhile
Status remove_lock(ObjectStore& objects, const std::string& name);
/// "up" by ada@here (process 7) since 2026-11-21T00:00:00Z
std::string shown(const LockOwner& owner);

}  // namespace strata
