#include "providers/aws/client/verdict.hpp"

#include <algorithm>
#include <array>

#include "engine/wire/http.hpp"

namespace strata::aws {

namespace {

// botocore `retries/standard.py` and `throttled.py`.
constexpr std::array<std::string_view, 14> throttle_codes = {"Throttling",
                                                             "ThrottlingException",
                                                             "ThrottledException",
                                                             "RequestThrottledException",
                                                             "TooManyRequestsException",
                                                             "ProvisionedThroughputExceededException",
                                                             "TransactionInProgressException",
                                                             "RequestLimitExceeded",
                                                             "BandwidthLimitExceeded",
                                                             "RequestThrottled",
                                                             "SlowDown",
                                                             "PriorRequestNotComplete",
                                                             "EC2ThrottledException",
                                                             "ThrottlingError"};

// The server waited for the request's body and did not get it whole: it has not acted.
constexpr std::array<std::string_view, 2> cut_short_codes = {"RequestTimeout", "RequestTimeoutException"};

constexpr std::array<std::string_view, 6> clock_codes = {"RequestTimeTooSkewed",      "RequestExpired",        "RequestInTheFuture",
                                                         "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"};

constexpr std::array<std::string_view, 4> expired_codes = {"ExpiredToken", "ExpiredTokenException", "RequestExpired",
                                                           "TokenRefreshRequired"};

// A host that never answered is more likely misnamed, or not started, than down for a moment.
constexpr int retries_at_unknown_host = 3;
// The request went out, and its answer did not come, or not whole. What breaks one answer after another is seldom over in a
// minute: with the sender's pauses these eight are made within 13 seconds.
constexpr int retries_of_broken_answers = 8;
// Each attempt takes as long as a request may, a minute: three in all, as the AWS SDKs' standard mode makes.
constexpr int retries_of_silence = 2;
// "LimitExceededException" is a quota with most services and a throttle with some, so it is asked a few times only.
constexpr int retries_at_a_limit = 4;

bool contains(const auto& codes, std::string_view code) { return std::ranges::find(codes, code) != codes.end(); }

bool is_server_trouble(int status) { return status == 500 || status == 502 || status == 503 || status == 504; }

/// How often a call is sent again that gets no answer. What does not even go out has the most patience: the way there may be
/// shut for a moment, and asking costs the service nothing.
int retries_without_answer(const Attempt& attempt) {
    if (!attempt.host_known) return std::min(retries_at_unknown_host, attempt.max_retries);
    if (attempt.error->code != wire::code_sent) return attempt.max_retries;
    return std::min(broke_off(*attempt.error, attempt.status) ? retries_of_broken_answers : retries_of_silence, attempt.max_retries);
}

Verdict judge_no_answer(const Attempt& attempt) {
    const auto kind = attempt.error->kind;
    if (kind != ErrorKind::network && kind != ErrorKind::timeout && kind != ErrorKind::protocol) return Verdict::give_up;
    if (may_have_acted(*attempt.error, attempt.status) && !attempt.repeatable) return Verdict::outcome_unknown;
    // A refused certificate, or something that speaks no HTTP, stays so.
    const bool lasting = kind == ErrorKind::protocol || attempt.error->summary == "Server's certificate refused";
    return lasting || attempt.failures >= retries_without_answer(attempt) ? Verdict::give_up : Verdict::retry;
}

Verdict judge_server_trouble(const Attempt& attempt) {
    if (!attempt.repeatable) return Verdict::outcome_unknown;
    // Emulators and crashed handlers answer so, again and again; gateways use 502 to 504.
    const bool no_such_thing = attempt.status == 500 && attempt.error->kind == ErrorKind::protocol;
    return no_such_thing || attempt.failures >= attempt.max_retries ? Verdict::give_up : Verdict::retry;
}

}  // namespace

bool is_throttle_code(std::string_view code) { return contains(throttle_codes, code); }

bool broke_off(const Error& error, int status) { return status == 0 && error.kind == ErrorKind::network && error.code == wire::code_sent; }

bool may_have_acted(const Error& error, int status) {
    if (status == 0) return error.code == wire::code_sent;
    return is_server_trouble(status) && !is_throttle_code(error.code) && error.kind != ErrorKind::throttled;
}

Verdict judge(const Attempt& attempt) {
    const auto& error = *attempt.error;
    if (attempt.status == 0) return judge_no_answer(attempt);
    if (attempt.other_region && !attempt.region_changed) return Verdict::change_region;
    if (error.code == "LimitExceededException") return attempt.throttles >= retries_at_a_limit ? Verdict::give_up : Verdict::wait_throttled;
    if (attempt.status == 429 || is_throttle_code(error.code) || error.kind == ErrorKind::throttled) return Verdict::wait_throttled;
    if (contains(clock_codes, error.code) && attempt.clock_is_off && !attempt.clock_corrected) return Verdict::correct_clock;
    if (contains(expired_codes, error.code) && !attempt.credentials_refreshed) return Verdict::refresh_credentials;
    if (contains(cut_short_codes, error.code)) return attempt.failures >= attempt.max_retries ? Verdict::give_up : Verdict::retry;
    if (is_server_trouble(attempt.status)) return judge_server_trouble(attempt);
    return Verdict::give_up;
}

}  // namespace strata::aws
