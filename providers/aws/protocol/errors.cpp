#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/protocol/error_kinds.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"

namespace strata::aws {

namespace {

/// Above this no service's error is that long; such a body is a page of something else.
constexpr std::size_t longest_error_body = std::size_t{1} << 20;
constexpr std::size_t longest_message = 1000;
constexpr std::size_t longest_excerpt = 200;

/// The beginning of `text` on one line, without control characters, cut between UTF-8 sequences.
std::string excerpt(std::string_view text, std::size_t longest) {
    const bool cut = text.size() > longest;
    if (cut) {
        while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xC0U) == 0x80) --longest;
        text = text.substr(0, longest);
    }
    std::string out{text};
    std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return std::string{trimmed(out)} + (cut ? "..." : "");
}

struct Words {
    ErrorKind kind;
    std::string_view summary;
    std::string_view remedy;
};

constexpr auto words = std::to_array<Words>({
    {ErrorKind::throttled, "AWS asks for fewer calls", "Wait, or lower --parallel."},
    {ErrorKind::credentials, "AWS does not accept the credentials", "Renew them, and check the clock of this machine."},
    {ErrorKind::access_denied, "Not allowed", "Give the identity this permission, or use another profile."},
    {ErrorKind::not_found, "Not found in AWS", ""},
    {ErrorKind::conflict, "In conflict with what AWS has", ""},
    {ErrorKind::timeout, "AWS gave up waiting for the request", "Try again."},
    {ErrorKind::service, "AWS reported an error", ""},
});

Words words_for(ErrorKind kind) {
    const auto* const found = std::ranges::find(words, kind, &Words::kind);
    return found != words.end() ? *found : words.back();
}

std::string without_secrets(std::string_view text, const Redact& redacted) { return redacted ? redacted(text) : std::string{text}; }

Error reported(const Service& service, const Operation& operation, int status, const RawError& raw, const Redact& redacted) {
    const auto kind = kind_of(raw.code, status);
    const auto [same, summary, remedy] = words_for(kind);
    const auto message = raw.message.empty() ? std::string{"no message"} : excerpt(without_secrets(raw.message, redacted), longest_message);
    const auto id = excerpt(without_secrets(raw.request_id, redacted), longest_excerpt);
    const auto request = id.empty() ? std::string{} : fmt::format(", request {}", id);
    const auto code = excerpt(raw.code.empty() ? std::to_string(status) : without_secrets(raw.code, redacted), longest_excerpt);
    return Error{.kind = kind,
                 .summary = std::string{summary},
                 .cause = fmt::format("{} {}: {} ({}, status {}{})", service.name, operation.name, message, code, status, request),
                 .remedy = std::string{remedy},
                 .code = code};
}

/// Answers to HEAD, and S3's redirects and 304, have no body: all that is known is the status.
bool says_all_by_status(const Operation& operation, const wire::Response& response) {
    if (!trimmed(response.body).empty()) return false;
    return operation.method == "HEAD" || response.status < 400;
}

RawError from_status(const wire::Response& response) {
    const auto* region = response.headers.find("x-amz-bucket-region");
    const bool moved = response.status >= 300 && response.status < 400 && response.status != 304 && region;
    return RawError{std::to_string(response.status), moved ? fmt::format("the bucket is in region {}", *region) : std::string{},
                    request_id_of(response)};
}

std::optional<RawError> raw_error(const Service& service, const Operation& operation, const wire::Response& response) {
    if (says_all_by_status(operation, response)) return from_status(response);
    if (response.body.size() > longest_error_body) return std::nullopt;
    return protocol_of(service).read_error(response);
}

const Shape* error_shape(const Operation& operation, std::string_view code) {
    for (const auto* shape : operation.errors)
        if (shape->name == code || shape->error_code == code) return shape;
    return nullptr;
}

}  // namespace

Error not_of_the_protocol(const Service& service, const Operation& operation, const wire::Response& response, const Redact& redacted) {
    const bool blank = trimmed(response.body).empty();
    // Far more than is shown: a secret that begins in what is shown must be seen whole.
    const auto front = std::string_view{response.body}.substr(0, longest_error_body);
    const auto body = response.body.empty() ? std::string{"the body is empty"}
                      : blank               ? fmt::format("the body is {} bytes of white space", response.body.size())
                              : fmt::format("the body begins with: {}", excerpt(without_secrets(front, redacted), longest_excerpt));
    return Error{.kind = ErrorKind::protocol,
                 .summary = "Answer does not come from AWS",
                 .cause = fmt::format("{} {}: status {}, {}", service.name, operation.name, response.status, body),
                 .remedy = "Check the endpoint, and any proxy between here and it."};
}

std::string plain_code(std::string_view code) {
    code = code.substr(0, code.find(':'));
    const auto hash = code.rfind('#');
    return std::string{hash == std::string_view::npos ? code : code.substr(hash + 1)};
}

std::string request_id_of(const wire::Response& response) {
    for (const auto* const name : {"x-amzn-requestid", "x-amz-request-id", "x-amz-requestid"})
        if (const auto* id = response.headers.find(name)) return *id;
    return {};
}

Error parse_error(const Service& service, const Operation& operation, const wire::Response& response, const Redact& redacted) {
    const auto raw = raw_error(service, operation, response);
    return raw ? reported(service, operation, response.status, *raw, redacted)
               : not_of_the_protocol(service, operation, response, redacted);
}

Result<ParsedError> parse_error_members(const Service& service, const Operation& operation, const wire::Response& response) {
    auto raw = raw_error(service, operation, response);
    if (!raw) return not_of_the_protocol(service, operation, response);
    ParsedError parsed{.code = std::move(raw->code), .message = std::move(raw->message), .members = ValueMap{}};
    const auto* shape = error_shape(operation, parsed.code);
    if (!shape || says_all_by_status(operation, response)) return parsed;
    auto members = protocol_of(service).read_error_members(*shape, response);
    if (!members) return members.error();
    parsed.members = *std::move(members);
    return parsed;
}

}  // namespace strata::aws
