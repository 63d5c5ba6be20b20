#pragma once

#include <optional>

#include "providers/aws/protocol/wire_protocol.hpp"

namespace strata::aws {

/// An error answer of json or rest-json. The code stands in `x-amzn-query-error`, `x-amzn-errortype`, `__type` or `code`,
/// the first of these that is there. Empty when the body is no JSON object, or nothing names the error.
std::optional<RawError> read_json_error(const wire::Response& response);

}  // namespace strata::aws
