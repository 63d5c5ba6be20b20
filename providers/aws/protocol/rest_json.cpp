#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/protocol/json_errors.hpp"
#include "providers/aws/protocol/json_shapes.hpp"
#include "providers/aws/protocol/rest.hpp"
#include "providers/aws/protocol/wire_name.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"

namespace strata::aws {

namespace {

void set_type(Serialized& request, std::string type) {
    if (!request.headers.find("Content-Type")) request.headers.add("Content-Type", std::move(type));
}

void write_payload(const Member& payload, const Value* value, Serialized& request) {
    if (write_raw_payload(payload, value, request)) {
        const bool text = payload.shape->type == ShapeType::string;
        if (value && !value->is_null()) set_type(request, text ? "text/plain" : "application/octet-stream");
        return;
    }
    const bool absent = !value || value->is_null();
    if (absent && payload.shape->is_union) return;
    if (absent) request.body = "{}";
    else if (payload.shape->document) request.body = to_json(*value);
    else request.body = to_json(to_json_form(*payload.shape, *value->map()));
    set_type(request, "application/json");
}

Result<Serialized> write(const Service&, const Operation& operation, const ValueMap& params) {
    auto request = write_rest(operation, params);
    if (!operation.input) return request;

    if (const auto* payload = operation.input->member(operation.input->payload)) {
        write_payload(*payload, params.find(payload->name), request);
    } else if (std::ranges::any_of(operation.input->members, in_request_body)) {
        request.body = to_json(to_json_form(*operation.input, params));
        set_type(request, "application/json");
    }
    return request;
}

Status read_payload(const Member& payload, const wire::Response& response, ValueMap& found) {
    if (read_raw_payload(payload, response, found) || trimmed(response.body).empty()) return {};
    auto document = parse_json(response.body, "the body", answer_limits);
    if (!document) return document.error();
    auto value = payload.shape->document ? std::move(document) : from_json_form(*payload.shape, *document);
    if (!value) return value.error();
    found.set(payload.name, *std::move(value));
    return {};
}

Result<Value> read_structure(const Shape& structure, const wire::Response& response) {
    auto found = read_rest(structure, response);
    if (!found) return found.error();
    if (const auto* payload = structure.member(structure.payload)) {
        if (auto read = read_payload(*payload, response, *found); !read) return read.error();
        return Value{*std::move(found)};
    }
    if (std::ranges::none_of(structure.members, in_answer_body)) return Value{*std::move(found)};
    const auto document = json_body(response);
    if (!document) return document.error();
    auto body = from_json_form(structure, *document);
    if (!body) return body;
    for (auto& [key, value] : *body->map()) found->set(key, std::move(value));
    return Value{*std::move(found)};
}

Result<Value> read(const Operation& operation, const wire::Response& response) {
    return operation.output ? read_structure(*operation.output, response) : Value{ValueMap{}};
}

}  // namespace

constinit const WireProtocol rest_json_protocol{Protocol::rest_json, write, read, read_json_error, read_structure};

}  // namespace strata::aws
