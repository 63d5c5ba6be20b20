#include "providers/aws/client/verdict.hpp"

#include <gtest/gtest.h>

#include "engine/wire/http.hpp"

namespace strata::aws {
namespace {

Error error_of(ErrorKind kind, std::string code = {}) {
    return {.kind = kind, .summary = "s", .cause = "c", .remedy = {}, .code = std::move(code)};
}

const auto not_sent = error_of(ErrorKind::network, std::string{wire::code_not_sent});
const auto lost = error_of(ErrorKind::network, std::string{wire::code_sent});
const auto slow = error_of(ErrorKind::timeout, std::string{wire::code_sent});

TEST(Judge, SendsAgainWhateverDidNotGoOut) {
    EXPECT_EQ(judge({.error = &not_sent, .repeatable = false, .host_known = true}), Verdict::retry);
    EXPECT_EQ(judge({.error = &not_sent, .repeatable = true, .host_known = true}), Verdict::retry);
}

TEST(Judge, GivesAHostThatNeverAnsweredUpAfterAFewAttempts) {
    EXPECT_EQ(judge({.error = &not_sent, .failures = 2}), Verdict::retry);
    EXPECT_EQ(judge({.error = &not_sent, .failures = 3}), Verdict::give_up);
    EXPECT_EQ(judge({.error = &not_sent, .host_known = true, .failures = 11}), Verdict::retry);
    EXPECT_EQ(judge({.error = &not_sent, .host_known = true, .failures = 12}), Verdict::give_up);
}

TEST(Judge, RepeatsALostAnswerOnlyWhereThatIsSafe) {
    for (const auto* error : {&lost, &slow}) {
        EXPECT_EQ(judge({.error = error, .repeatable = true, .host_known = true}), Verdict::retry);
        EXPECT_EQ(judge({.error = error, .repeatable = false, .host_known = true}), Verdict::outcome_unknown);
    }
}

TEST(Judge, GivesUpSoonerOnAnswersThatBreakOffThanOnAWayThatIsShut) {
    const auto after = [](const Error& error, int failures, int max_retries = 12) {
        return judge({.error = &error, .repeatable = true, .host_known = true, .failures = failures, .max_retries = max_retries});
    };
    EXPECT_EQ(after(lost, 7), Verdict::retry);
    EXPECT_EQ(after(lost, 8), Verdict::give_up);
    EXPECT_EQ(after(slow, 1), Verdict::retry);
    EXPECT_EQ(after(slow, 2), Verdict::give_up);
    EXPECT_EQ(after(not_sent, 11), Verdict::retry);
    EXPECT_EQ(after(lost, 2, 2), Verdict::give_up) << "a caller may want less";
}

TEST(Judge, NeverAsksARefusedCertificateOrNoHttpAgain) {
    auto certificate = not_sent;
    certificate.summary = "Server's certificate refused";
    const auto no_http = error_of(ErrorKind::protocol, std::string{wire::code_sent});

    EXPECT_EQ(judge({.error = &certificate, .repeatable = true, .host_known = true}), Verdict::give_up);
    EXPECT_EQ(judge({.error = &no_http, .repeatable = true, .host_known = true}), Verdict::give_up);
}

TEST(Judge, EndsAtOnceWhenInterrupted) {
    const auto interrupted = error_of(ErrorKind::interrupted, std::string{wire::code_sent});

    EXPECT_EQ(judge({.error = &interrupted, .repeatable = false}), Verdict::give_up);
}

TEST(Judge, KnowsEveryCodeThatMeansTooFast) {
    for (const auto* code :
         {"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
          "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
          "RequestThrottled", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException"}) {
        const auto error = error_of(ErrorKind::service, code);
        for (const int status : {400, 429, 503})
            EXPECT_EQ(judge({.error = &error, .status = status, .throttles = 1'000}), Verdict::wait_throttled) << code;
        EXPECT_FALSE(may_have_acted(error, 503)) << code;
    }
    const auto by_status = error_of(ErrorKind::service, "Odd");
    EXPECT_EQ(judge({.error = &by_status, .status = 429}), Verdict::wait_throttled);
}

TEST(Judge, AsksAboutAQuotaAFewTimesOnly) {
    const auto error = error_of(ErrorKind::throttled, "LimitExceededException");

    EXPECT_EQ(judge({.error = &error, .status = 400, .throttles = 3}), Verdict::wait_throttled);
    EXPECT_EQ(judge({.error = &error, .status = 400, .throttles = 4}), Verdict::give_up);
}

TEST(Judge, TakesAServerErrorAsAnUnknownOutcomeWhereACallMayNotBeRepeated) {
    const auto error = error_of(ErrorKind::service, "InternalError");

    for (const int status : {500, 502, 503, 504}) {
        EXPECT_EQ(judge({.error = &error, .status = status, .repeatable = false}), Verdict::outcome_unknown);
        EXPECT_EQ(judge({.error = &error, .status = status, .repeatable = true, .failures = 11}), Verdict::retry);
        EXPECT_EQ(judge({.error = &error, .status = status, .repeatable = true, .failures = 12}), Verdict::give_up);
        EXPECT_TRUE(may_have_acted(error, status));
    }
    EXPECT_EQ(judge({.error = &error, .status = 501, .repeatable = true}), Verdict::give_up);
}

TEST(Judge, RepeatsAPageOfAGatewayButNotOfACrash) {
    const auto page = error_of(ErrorKind::protocol);

    EXPECT_EQ(judge({.error = &page, .status = 500, .repeatable = true}), Verdict::give_up);
    EXPECT_EQ(judge({.error = &page, .status = 502, .repeatable = true}), Verdict::retry);
    EXPECT_EQ(judge({.error = &page, .status = 404, .repeatable = true}), Verdict::give_up);
}

TEST(Judge, ARequestThatWasNotReceivedWholeWasNotCarriedOut) {
    const auto error = error_of(ErrorKind::timeout, "RequestTimeout");

    EXPECT_EQ(judge({.error = &error, .status = 400, .repeatable = false}), Verdict::retry);
}

TEST(Judge, CorrectsTheClockOnceAndOnlyWhereItIsWrong) {
    for (const auto* code :
         {"RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "RequestInTheFuture"}) {
        const auto error = error_of(ErrorKind::credentials, code);
        EXPECT_EQ(judge({.error = &error, .status = 403, .clock_is_off = true}), Verdict::correct_clock) << code;
        EXPECT_EQ(judge({.error = &error, .status = 403, .clock_is_off = true, .clock_corrected = true}), Verdict::give_up) << code;
        EXPECT_EQ(judge({.error = &error, .status = 403, .clock_is_off = false}), Verdict::give_up) << code;
    }
    const auto other = error_of(ErrorKind::access_denied, "AccessDenied");
    EXPECT_EQ(judge({.error = &other, .status = 403, .clock_is_off = true}), Verdict::give_up);
}

TEST(Judge, RefreshesExpiredCredentialsOnce) {
    for (const auto* code : {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}) {
        const auto error = error_of(ErrorKind::credentials, code);
        EXPECT_EQ(judge({.error = &error, .status = 400}), Verdict::refresh_credentials) << code;
        EXPECT_EQ(judge({.error = &error, .status = 400, .credentials_refreshed = true}), Verdict::give_up) << code;
    }
}

TEST(Judge, FollowsABucketToItsRegionOnce) {
    const auto error = error_of(ErrorKind::service, "PermanentRedirect");

    EXPECT_EQ(judge({.error = &error, .status = 301, .other_region = true}), Verdict::change_region);
    EXPECT_EQ(judge({.error = &error, .status = 301, .other_region = true, .region_changed = true}), Verdict::give_up);
    EXPECT_EQ(judge({.error = &error, .status = 301}), Verdict::give_up);
}

}  // namespace
}  // namespace strata::aws
