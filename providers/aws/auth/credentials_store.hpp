#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "providers/aws/auth/credentials.hpp"
#include "providers/aws/auth/worker.hpp"

namespace strata::aws {

/// Credentials as they are used, so that a refresh does not pull them away from under a signature.
using SharedCredentials = std::shared_ptr<const Credentials>;

/// Finds credentials at the first question, keeps them, and fetches new ones before they expire: from five
/// minutes before, in the background; once they have expired, whoever asks waits. One search at a time.
/// A search that failed is not repeated for three seconds, so that hundreds of calls fail at once rather than
/// one after the other. Thread-safe.
class CredentialsStore {
public:
    using Find = std::function<Result<Credentials>()>;
    using Done = std::function<void(Result<SharedCredentials>)>;

    /// @param find  may block; runs on a thread of the store's own
    CredentialsStore(Find find, Clock& clock) : find_{std::move(find)}, clock_{clock} {}

    /// Runs `done` at once when there are valid credentials, else on the store's thread when the search has ended.
    void get(Done done);
    /// The service refused these as expired: they are not handed out again.
    void refuse(const SharedCredentials& expired);

private:
    void search();
    void finish(Result<Credentials> found);

    Find find_;
    Clock& clock_;
    std::mutex mutex_;
    SharedCredentials current_;  // guarded by mutex_, as all below
    std::optional<Error> failure_;
    std::chrono::steady_clock::time_point failed_at_{};
    std::vector<Done> waiting_;
    bool searching_ = false;
    Worker worker_;  // last: its thread uses all of the above
};

}  // namespace strata::aws
