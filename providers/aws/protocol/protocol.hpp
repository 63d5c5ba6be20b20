#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// An HTTP request before host, credentials and signature are known.
struct Serialized {
    std::string method;
    std::string path;   ///< encoded, begins with '/'
    std::string query;  ///< encoded, without '?'
    wire::Headers headers;
    std::string body;
    std::string body_file = {};    ///< streaming blob given as an Asset
    std::string host_prefix = {};  ///< with its labels filled in
};

/// Writes `params` (a map with the input shape's member names) as the service's protocol wants it.
/// Every member that does not fit the model (unknown name, wrong kind, missing required one) is
/// reported, all in one Error. Idempotency tokens that are absent are filled with `token`.
/// @errors invalid_program
Result<Serialized> serialize(const Service& service, const Operation& operation, const Value& params, std::string_view token);

/// Reads a successful answer into a map with the output shape's member names. Timestamps become
/// ISO 8601 text, blobs Bytes; what the model does not know is left out.
/// @errors protocol when the answer is not of the service's protocol
Result<Value> parse(const Service& service, const Operation& operation, const wire::Response& response);

/// Bytes that an answer's body may have: 8 MB where it is read as JSON or XML, 64 MB where it is handed out as it came.
std::size_t longest_answer(const Operation& operation);

/// True when the answer must be read by parse_error: status >= 300, or S3's 200 with an error body.
bool is_error(const Service& service, const Operation& operation, const wire::Response& response);

/// What an answer says, for people.
using Redact = std::function<std::string(std::string_view text)>;

/// Reads an error answer. `code` is the service's code without namespace or URL; `kind` follows from
/// code and status (throttled, access_denied, not_found, conflict, credentials, service). An answer that
/// is not of the protocol (an HTML page, truncated text, nothing) gives ErrorKind::protocol with status
/// and the first 200 bytes. `cause` names service, operation, status, the service's own message and the
/// request id.
/// @param redacted  takes secrets out of what the answer says, before any of it is cut or cleaned; empty: there are none
Error parse_error(const Service& service, const Operation& operation, const wire::Response& response, const Redact& redacted = {});

/// For a body that no service sends: gives ErrorKind::protocol with status and the first 200 bytes.
Error not_of_the_protocol(const Service& service, const Operation& operation, const wire::Response& response, const Redact& redacted = {});

/// As parse_error, but also the modelled members of the error, for the conformance tests.
struct ParsedError {
    std::string code;
    std::string message;
    Value members;
};
Result<ParsedError> parse_error_members(const Service& service, const Operation& operation, const wire::Response& response);

}  // namespace strata::aws
