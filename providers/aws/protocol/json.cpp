#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "providers/aws/protocol/json_errors.hpp"
#include "providers/aws/protocol/json_shapes.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"

namespace strata::aws {

namespace {

Result<Serialized> write(const Service& service, const Operation& operation, const ValueMap& params) {
    const auto document = operation.input ? to_json_form(*operation.input, params) : Value{ValueMap{}};
    Serialized request{.method = std::string{operation.method},
                       .path = "/",
                       .headers = {{"Content-Type", fmt::format("application/x-amz-json-{}", service.json_version)},
                                   {"X-Amz-Target", fmt::format("{}.{}", service.target_prefix, operation.name)}},
                       .body = to_json(document)};
    // Asks services that once spoke the query protocol to name their old error codes too.
    if (service.query_compatible) request.headers.add("x-amzn-query-mode", "true");
    return request;
}

Result<Value> read(const Operation& operation, const wire::Response& response) {
    if (!operation.output) return Value{ValueMap{}};
    const auto document = json_body(response);
    return document ? from_json_form(*operation.output, *document) : document;
}

Result<Value> read_error_members(const Shape& error, const wire::Response& response) {
    const auto document = json_body(response);
    return document ? from_json_form(error, *document) : document;
}

}  // namespace

constinit const WireProtocol json_protocol{Protocol::json, write, read, read_json_error, read_error_members};

}  // namespace strata::aws
