#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/auth/credentials_store.hpp"
#include "providers/aws/auth/signer.hpp"
#include "providers/aws/auth/worker.hpp"
#include "providers/aws/client/client.hpp"
#include "providers/aws/client/gate.hpp"
#include "providers/aws/client/limits.hpp"
#include "providers/aws/client/trace.hpp"
#include "providers/aws/client/verdict.hpp"
#include "providers/aws/endpoint/endpoint.hpp"

namespace strata::aws {

/// A call that was checked and written as its protocol wants it, with where it goes.
struct ReadyCall {
    Call call;
    Serialized serialized;
    Endpoint endpoint;
    std::string payload;  ///< hash for the signature
    bool repeatable = false;
};

/// Sends ready calls, each as often as it takes: credentials, queue, signature, answer, verdict.
class Sender {
public:
    using Resolve = std::function<Result<Endpoint>(const Service&, std::string_view region)>;

    /// @param resolve  where a service is in another region, for S3's redirects
    /// @param secrets  grows by the credentials of calls
    Sender(const ClientOptions& options, wire::Http& http, Clock& clock, Trace trace, KnownSecrets& secrets, CredentialsStore& credentials,
           Resolve resolve);
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;
    /// Waits until every call has ended.
    ~Sender();

    void send(ReadyCall call, Client::Done done);
    /// The request as it would be sent now.
    wire::Request signed_request(const ReadyCall& call, const Credentials& credentials);
    [[nodiscard]] Client::Counters counters() const { return {calls_.load(), retries_.load(), throttled_.load()}; }
    Signer& signer() { return signer_; }
    /// The time as AWS has it, as far as its answers have told.
    WallTime now() const { return clock_.now() + Milliseconds{clock_offset_.load()}; }

private:
    using Time = std::chrono::steady_clock::time_point;

    /// One call under way. Shared by the callbacks that the credentials store, the queue and the HTTP loop
    /// hold for it: std::function must be copyable, and only one of them is alive at a time.
    struct Pending {
        ReadyCall ready;
        Client::Done done;
        Time deadline;
        ApiGroup group;
        SharedCredentials credentials = {};
        std::shared_ptr<Gate> gate = {};
        Attempt state = {};
        int attempts = 0;
        std::unique_ptr<Redactor> redactor = {};
        bool may_have_acted = false;            ///< by an attempt whose answer was lost
        std::optional<Time> broken_since = {};  ///< when an answer broke off first
        Time sent_at{};
        WallTime sent_at_wall{};
    };
    using Shared = std::shared_ptr<Pending>;

    void start_attempt(const Shared& call);
    void enter_gate(const Shared& call);
    void transmit(const Shared& call);
    void on_answer(const Shared& call, Result<wire::Response> answer);
    void on_good_answer(const Shared& call, wire::Response response);
    void finish_answered(const Shared& call, Result<Value> parsed);
    void on_failure(const Shared& call, Error error, const wire::Response* response);
    void retry(const Shared& call, Error error, Milliseconds delay);
    void retry_broken(const Shared& call, Error error, Milliseconds delay);
    bool note_clock(const Shared& call, const wire::Response& response);
    bool move_region(const Shared& call, const wire::Response& response);
    void finish_failed(const Shared& call, Error error);
    void finish(const Shared& call, Result<Value> result);
    /// For texts about this call.
    const Redactor& redactor(Pending& call) const;
    void trace_request(Pending& call, const wire::Request& request) const;
    void trace_answer(Pending& call, const wire::Response& response, const Result<Value>& parsed) const;
    void trace_failure(Pending& call, const Error& error, const wire::Response* response) const;
    void note_host(const std::string& url);
    [[nodiscard]] bool host_known(const std::string& url);

    const ClientOptions& options_;
    wire::Http& http_;
    Clock& clock_;
    Trace trace_;
    KnownSecrets& secrets_;
    CredentialsStore& credentials_;
    Resolve resolve_;
    Signer signer_;
    Gates gates_;
    std::atomic<Milliseconds::rep> clock_offset_ = 0;
    std::atomic<std::uint64_t> calls_ = 0;
    std::atomic<std::uint64_t> retries_ = 0;
    std::atomic<std::uint64_t> throttled_ = 0;

    std::mutex mutex_;
    std::condition_variable ended_;
    std::size_t under_way_ = 0;                 // guarded by mutex_
    std::set<std::string, std::less<>> hosts_;  // that have answered; guarded by mutex_
    Worker parser_;
};

}  // namespace strata::aws
