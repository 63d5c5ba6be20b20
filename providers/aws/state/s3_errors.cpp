#include "providers/aws/state/s3_errors.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/wire/http.hpp"

namespace strata::aws {

namespace {

// S3 API reference, PutObject: "409 Conflict ... retry the upload"; the code is ConditionalRequestConflict there, and
// OperationAborted where the conflicting operation is on the bucket.
constexpr std::array<std::string_view, 3> try_again_codes = {"ConditionalRequestConflict", "OperationAborted", "409"};
constexpr std::array<std::string_view, 3> condition_codes = {"PreconditionFailed", "412", "NoSuchKey"};

constexpr std::array<ErrorKind, 7> open_kinds = {ErrorKind::network,  ErrorKind::timeout,   ErrorKind::service,        ErrorKind::protocol,
                                                 ErrorKind::conflict, ErrorKind::not_found, ErrorKind::outcome_unknown};

bool is_one_of(std::string_view code, const auto& codes) { return std::ranges::find(codes, code) != codes.end(); }

std::string make_bucket_command(std::string_view bucket, const ClientOptions& options) {
    const auto endpoint = options.endpoint.empty() ? std::string{} : fmt::format(" --endpoint-url {}", options.endpoint);
    return fmt::format("  aws s3 mb s3://{} --region {}{}", bucket, options.region, endpoint);
}

Error no_bucket(Error error, std::string_view bucket, const ClientOptions& options) {
    error.kind = ErrorKind::invalid_config;  // not_found is for objects
    error.summary = "The bucket of the state is not there";
    error.remedy = fmt::format("Make it, or name another one under \"state\" in the environment's configuration:\n{}",
                               make_bucket_command(bucket, options));
    return error;
}

Error denied(Error error, std::string_view bucket) {
    error.remedy = fmt::format(
        "State in S3 needs s3:ListBucket on the bucket {}, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it; "
        "where the bucket encrypts with a KMS key of yours, kms:GenerateDataKey and kms:Decrypt too. Without s3:ListBucket S3 answers "
        "the same for an object that is not there, so nothing was taken as missing.",
        bucket);
    return error;
}

Error archived(Error error) {
    error.kind = ErrorKind::service;
    error.summary = "State was moved into an archive";
    error.remedy = "Restore the object, and exempt state from the bucket's lifecycle rules.";
    return error;
}

Error without_conditions(Error error) {
    error.remedy = "State needs a store that writes on a condition (If-None-Match, If-Match), as S3 and MinIO do. Name another one.";
    return error;
}

}  // namespace

bool says_no_such_object(const Error& error) { return error.code == "NoSuchKey"; }

bool says_condition_failed(const Error& error) { return is_one_of(error.code, condition_codes); }

bool asks_to_try_again(const Error& error) { return is_one_of(error.code, try_again_codes); }

bool leaves_outcome_open(const Error& error) {
    if (error.code == wire::code_not_sent || error.code == "NoSuchBucket") return false;
    return std::ranges::find(open_kinds, error.kind) != open_kinds.end();
}

Error explained(Error error, std::string_view place, std::string_view bucket, const ClientOptions& options) {
    error.cause = fmt::format("{}: {}", place, error.cause);
    if (error.code == "NoSuchBucket") return no_bucket(std::move(error), bucket, options);
    if (error.code == "InvalidObjectState") return archived(std::move(error));
    if (error.code == "NotImplemented") return without_conditions(std::move(error));
    if (error.kind == ErrorKind::access_denied) return denied(std::move(error), bucket);
    return error;
}

Error changed_by_another(std::string_view place) {
    return Error{.kind = ErrorKind::conflict,
                 .summary = "State was changed by another run",
                 .cause = fmt::format("{} is not what this run has read.", place),
                 .remedy = "Run the command again: it starts from the state as it is now."};
}

Error never_accepted(Error refusal, std::string_view place) {
    refusal.kind = ErrorKind::service;
    refusal.summary = "S3 did not accept the write";
    refusal.cause = fmt::format("{}: other requests on the same object were under way at every attempt. {}", place, refusal.cause);
    refusal.remedy = "Try again.";
    return refusal;
}

Error too_large(std::size_t bytes, std::size_t most, std::string_view place) {
    return Error{.kind = ErrorKind::io,
                 .summary = "State is too large",
                 .cause = fmt::format("{} would have {} bytes; what has more than {} could not be read again.", place, bytes, most),
                 .remedy = "Divide the stack into several."};
}

Error outcome_not_found_out(const Error& write, Error look) {
    look.cause = fmt::format("{}\nWhether it was written all the same could not be found out: {}", write.cause, look.cause);
    return look;
}

}  // namespace strata::aws
