#pragma once

#include <string_view>

#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// The parts of a request that rest-json and rest-xml share: method, path with its labels, query string and headers.
/// `params` fits the model (check.hpp).
Serialized write_rest(const Operation& operation, const ValueMap& params);

/// Puts a payload that is sent as it is (blob or text) into the request. False when the payload is something to be
/// written in the protocol's own form.
bool write_raw_payload(const Member& payload, const Value* value, Serialized& request);

/// The members of `structure` that do not stand in the body: headers and status.
/// @errors protocol when a header does not hold what the model says
Result<ValueMap> read_rest(const Shape& structure, const wire::Response& response);

/// Puts a payload that is handed out as it came (blob or text) into `found`; nothing, where a blob that is no stream is
/// empty. False when the payload is something to be read.
bool read_raw_payload(const Member& payload, const wire::Response& response, ValueMap& found);

}  // namespace strata::aws
