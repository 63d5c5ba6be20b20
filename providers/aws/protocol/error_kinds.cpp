#include "providers/aws/protocol/error_kinds.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace strata::aws {

namespace {

enum class Match : std::uint8_t { whole, prefix, suffix, part };

struct Rule {
    std::string_view text;
    Match match;
    ErrorKind kind;
};

/// The first rule that matches counts: exact codes stand before the families that they would fall into.
/// Sources: AWS General Reference "Common errors", EC2 API "Error codes", S3 API "Error responses", and of the
/// throttling codes botocore 1.43 retries/standard.py.
constexpr auto rules = std::to_array<Rule>({
    {"Throttling", Match::prefix, ErrorKind::throttled},
    {"ThrottledException", Match::suffix, ErrorKind::throttled},
    {"RequestThrottled", Match::prefix, ErrorKind::throttled},
    {"TooManyRequests", Match::prefix, ErrorKind::throttled},
    {"ProvisionedThroughputExceededException", Match::whole, ErrorKind::throttled},
    {"RequestLimitExceeded", Match::whole, ErrorKind::throttled},
    {"BandwidthLimitExceeded", Match::whole, ErrorKind::throttled},
    {"TransactionInProgressException", Match::whole, ErrorKind::throttled},
    {"PriorRequestNotComplete", Match::whole, ErrorKind::throttled},
    {"SlowDown", Match::whole, ErrorKind::throttled},

    {"ExpiredToken", Match::prefix, ErrorKind::credentials},
    {"RequestExpired", Match::whole, ErrorKind::credentials},
    {"RequestTimeTooSkewed", Match::whole, ErrorKind::credentials},
    {"RequestInTheFuture", Match::whole, ErrorKind::credentials},
    {"InvalidClientTokenId", Match::whole, ErrorKind::credentials},
    {"UnrecognizedClient", Match::prefix, ErrorKind::credentials},
    {"InvalidAccessKeyId", Match::whole, ErrorKind::credentials},
    {"InvalidToken", Match::whole, ErrorKind::credentials},
    {"InvalidSecurity", Match::whole, ErrorKind::credentials},
    {"InvalidSignature", Match::prefix, ErrorKind::credentials},
    {"SignatureDoesNotMatch", Match::whole, ErrorKind::credentials},
    {"IncompleteSignature", Match::prefix, ErrorKind::credentials},
    {"MissingAuthenticationToken", Match::prefix, ErrorKind::credentials},
    {"TokenRefreshRequired", Match::whole, ErrorKind::credentials},
    {"AuthFailure", Match::whole, ErrorKind::credentials},
    {"InvalidIdentityToken", Match::whole, ErrorKind::credentials},
    {"IDPRejectedClaim", Match::whole, ErrorKind::credentials},

    {"AccessDenied", Match::part, ErrorKind::access_denied},
    {"UnauthorizedOperation", Match::suffix, ErrorKind::access_denied},
    {"UnauthorizedAccess", Match::prefix, ErrorKind::access_denied},
    {"NotAuthorized", Match::part, ErrorKind::access_denied},
    {"AuthorizationError", Match::prefix, ErrorKind::access_denied},
    {"AllAccessDisabled", Match::whole, ErrorKind::access_denied},
    {"AccountProblem", Match::whole, ErrorKind::access_denied},
    {"OptInRequired", Match::whole, ErrorKind::access_denied},
    {"Forbidden", Match::prefix, ErrorKind::access_denied},

    {"RequestTimeout", Match::prefix, ErrorKind::timeout},

    {"NotFound", Match::part, ErrorKind::not_found},
    {"NoSuch", Match::prefix, ErrorKind::not_found},
    {"NonExistent", Match::part, ErrorKind::not_found},
    {"DoesNotExist", Match::part, ErrorKind::not_found},
    {"UnknownResource", Match::prefix, ErrorKind::not_found},

    {"AlreadyExist", Match::part, ErrorKind::conflict},
    {"AlreadyOwned", Match::part, ErrorKind::conflict},
    {"AlreadyAssociated", Match::part, ErrorKind::conflict},
    {"Duplicate", Match::part, ErrorKind::conflict},
    {"QueueNameExists", Match::part, ErrorKind::conflict},
    {"ResourceExistsException", Match::whole, ErrorKind::conflict},
    {"InUse", Match::part, ErrorKind::conflict},
    {"Conflict", Match::part, ErrorKind::conflict},
    {"DependencyViolation", Match::whole, ErrorKind::conflict},
    {"OperationAborted", Match::whole, ErrorKind::conflict},
    {"ConcurrentModification", Match::part, ErrorKind::conflict},
    {"ConditionalCheckFailed", Match::prefix, ErrorKind::conflict},
    {"PreconditionFailed", Match::whole, ErrorKind::conflict},
    {"IncorrectState", Match::part, ErrorKind::conflict},
    {"IncorrectInstanceState", Match::whole, ErrorKind::conflict},
    {"InvalidDBInstanceState", Match::prefix, ErrorKind::conflict},
    {"KMSInvalidState", Match::prefix, ErrorKind::conflict},
    {"IdempotentParameterMismatch", Match::part, ErrorKind::conflict},
    {"NotEmpty", Match::part, ErrorKind::conflict},
    {"QueueDeletedRecently", Match::part, ErrorKind::conflict},
    {"CrawlerRunningException", Match::whole, ErrorKind::conflict},
});

bool matches(const Rule& rule, std::string_view code) {
    switch (rule.match) {
        case Match::whole: return code == rule.text;
        case Match::prefix: return code.starts_with(rule.text);
        case Match::suffix: return code.ends_with(rule.text);
        case Match::part: return code.find(rule.text) != std::string_view::npos;
    }
    return false;
}

}  // namespace

ErrorKind kind_of_status(int status) {
    switch (status) {
        case 401: return ErrorKind::credentials;
        case 403: return ErrorKind::access_denied;
        case 404: return ErrorKind::not_found;
        case 408: return ErrorKind::timeout;
        case 409:
        case 412: return ErrorKind::conflict;
        case 429: return ErrorKind::throttled;
        default: return ErrorKind::service;
    }
}

ErrorKind kind_of(std::string_view code, int status) {
    const auto* const rule = std::ranges::find_if(rules, [&](const Rule& candidate) { return matches(candidate, code); });
    return rule != rules.end() ? rule->kind : kind_of_status(status);
}

}  // namespace strata::aws
