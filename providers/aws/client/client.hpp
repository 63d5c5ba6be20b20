#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/environment.hpp"
#include "engine/base/error.hpp"
#include "engine/base/known_secrets.hpp"
#include "engine/base/value.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// Where and as whom an instance of the provider works.
struct ClientOptions {
    std::string region;            ///< "ca-central-1"
    std::string profile = {};      ///< of the shared files; empty: AWS_PROFILE, else "default"
    std::string assume_role = {};  ///< role ARN to assume on top of the found credentials
    std::string external_id = {};
    std::string endpoint = {};  ///< one URL for every service ("http://127.0.0.1:4566"); empty: AWS's own
    std::vector<std::pair<std::string, std::string>> service_endpoints = {};  ///< by service name; stronger than `endpoint`
    bool use_fips = false;
    bool use_dual_stack = false;
    Milliseconds deadline{15 * 60'000};  ///< for one call with all its retries
    int max_retries = 12;                ///< the most; throttled answers not counted: those last as long as the deadline
    /// Start from AWS's published request rates. Empty: where the endpoint is AWS's own; another's rates are
    /// learned from its throttled answers.
    std::optional<bool> published_limits = {};
    Variables environment = process_environment();
    /// What must not be shown of what services say, in errors and in the trace; grows by what the client finds, credentials above all.
    /// Must outlive the client. nullptr: a list of the client's own.
    KnownSecrets* secrets = nullptr;
};

/// One call of one operation, by model.
struct Call {
    const Service* service = nullptr;
    const Operation* operation = nullptr;
    Value params;             ///< map with the input shape's member names; secret marks are for the trace
    std::string token = {};   ///< fills idempotency members; made anew when empty
    std::string region = {};  ///< empty: the client's
    /// Carrying it out twice leaves the same as once (a put, a delete): it is sent again when its answer is
    /// lost, as a read is. An input with an idempotency token, or one named in `params`, needs no such mark.
    bool repeatable = false;
};

/// A line of the HTTP trace (--verbose), secrets masked already.
using Trace = std::function<void(std::string_view line)>;

/// Signed, rate-limited, retried calls to AWS. Thread-safe. The destructor waits for the calls under way;
/// who does not want to wait stops the Http first. Answers over 256 KiB are parsed on a thread of the
/// client's own, so that one long list does not hold up the other calls; shorter ones on the loop.
///
/// Retries: full jitter, a retry budget per (account, region, API group); throttles, 5xx, lost connections (only
/// where nothing was sent, the operation is read-only, or it carries an idempotency token); clock skew is corrected
/// once from the Date header; expired credentials are fetched anew once. A host that has never answered is
/// given up after few attempts: it is rather misnamed than down. So are answers that break off, after 13 s at most
/// (nine attempts), and those that do not come within a minute each (three attempts).
/// A mutating call without token whose answer was lost, or was a 5xx, ends with ErrorKind::outcome_unknown;
/// one with token, when no attempt gave a definite answer. A 500 with a body that is not of the protocol is not retried.
class Client {
public:
    using Done = std::function<void(Result<Value>)>;

    /// Does not look for credentials yet: the first call does.
    static std::unique_ptr<Client> create(ClientOptions options, wire::Http& http, Clock& clock, Trace trace = {});
    virtual ~Client() = default;

    /// `done` runs on the HTTP loop's thread, or before return when the call cannot even be made. It must not
    /// destroy the client. A file that is sent is hashed before this returns.
    virtual void call(Call call, Done done) = 0;
    Result<Value> call_and_wait(Call call);
    /// Follows the paginator until the last page; the result keys of all pages stand in one answer.
    virtual void call_all_pages(Call call, Done done) = 0;
    Result<Value> call_all_pages_and_wait(Call call);

    /// The request as it would be sent, signed, for `aws call --print-request`. Holds a signature and perhaps
    /// a session token: shown_request() is what may be printed.
    virtual Result<wire::Request> prepare(const Call& call) = 0;
    /// A presigned URL (SigV4 query form), for S3 and for the query and ec2 protocols, whose parameters it carries.
    virtual Result<std::string> presign(const Call& call, std::chrono::seconds valid) = 0;

    struct Identity {
        std::string account;
        std::string arn;
        std::string partition;  ///< "aws", "aws-cn", "aws-us-gov"
        std::string region;
    };
    /// sts:GetCallerIdentity, asked once; a failure is not remembered. Not on the loop's thread.
    virtual Result<Identity> identity() = 0;

    struct Counters {
        std::uint64_t calls = 0;  ///< requests sent, retries included
        std::uint64_t retries = 0;
        std::uint64_t throttled = 0;
    };
    [[nodiscard]] virtual Counters counters() const = 0;
    [[nodiscard]] virtual const ClientOptions& options() const = 0;
    /// Those of options().
    [[nodiscard]] virtual KnownSecrets& secrets() = 0;
};

}  // namespace strata::aws
