#include <algorithm>

#include "engine/base/text.hpp"
#include "providers/aws/protocol/rest.hpp"
#include "providers/aws/protocol/wire_name.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"
#include "providers/aws/protocol/xml_shapes.hpp"

namespace strata::aws {

namespace {

void set_body(Serialized& request, std::string xml) {
    request.body = std::move(xml);
    if (!request.headers.find("Content-Type")) request.headers.add("Content-Type", "application/xml");
}

/// A payload's `locationName` names its root, but where it only repeats the member's name, the shape's own comes first.
std::string_view root_name(const Member& payload) {
    const bool renamed = !payload.location_name.empty() && payload.location_name != payload.name;
    if (renamed) return payload.location_name;
    return or_else(payload.shape->location_name, or_else(payload.location_name, payload.shape->name));
}

/// A streamed body keeps the type that the caller gave, or none: S3 stores it with the object.
void write_payload(const Member& payload, const Value* value, Serialized& request) {
    const bool absent = !value || value->is_null();
    if (write_raw_payload(payload, value, request)) {
        if (absent || payload.streaming || request.headers.find("Content-Type")) return;
        request.headers.add("Content-Type", payload.shape->type == ShapeType::string ? "text/plain" : "application/octet-stream");
        return;
    }
    if (absent) return;
    set_body(request, write_xml(*payload.shape, *value->map(), root_name(payload), {payload.xml_prefix, payload.xml_uri}));
}

bool some_body_member_given(const Shape& structure, const ValueMap& params) {
    return std::ranges::any_of(structure.members, [&](const Member& member) {
        const auto* value = params.find(member.name);
        return in_request_body(member) && value && !value->is_null();
    });
}

Result<Serialized> write(const Service& service, const Operation& operation, const ValueMap& params) {
    auto request = write_rest(operation, params);
    if (!operation.input) return request;

    const auto& input = *operation.input;
    if (const auto* payload = input.member(input.payload)) {
        write_payload(*payload, params.find(payload->name), request);
    } else if (some_body_member_given(input, params)) {
        const auto root = or_else(input.location_name, or_else(operation.input_root, input.name));
        const XmlSpace space{input.xml_prefix, or_else(operation.input_xml_uri, or_else(input.xml_uri, service.xml_uri))};
        set_body(request, write_xml(input, params, root, space));
    }
    return request;
}

/// S3's GetBucketLocation answers `<LocationConstraint>eu-west-1</LocationConstraint>`: the one member is the root itself.
const Member* member_that_is_the_root(const Shape& structure, XmlElement root) {
    const auto scalar = [](const Member& member) { return member.shape->type == ShapeType::string; };
    if (structure.members.size() != 1 || !scalar(structure.members[0]) || root.first()) return nullptr;
    const auto& only = structure.members[0];
    return wire_name(only) == root.name() ? &only : nullptr;
}

Result<Value> read_body(const Shape& structure, XmlElement root) {
    if (equal_ignoring_case(root.name(), "html"))
        return Error{.kind = ErrorKind::protocol, .summary = "Not an answer of the service", .cause = "an HTML page", .remedy = {}};
    const auto* only = member_that_is_the_root(structure, root);
    if (!only) return read_xml(structure, root);
    const auto text = root.text();
    return text.empty() ? Value{ValueMap{}} : Value::map({{std::string{only->name}, text}});
}

Status read_payload(const Member& payload, const wire::Response& response, ValueMap& found) {
    if (read_raw_payload(payload, response, found) || trimmed(response.body).empty()) return {};
    const auto document = XmlDocument::parse(response.body);
    if (!document) return document.error();
    auto value = read_body(*payload.shape, document->root());
    if (!value) return value.error();
    found.set(payload.name, *std::move(value));
    return {};
}

/// `root` picks the element that holds the members: the root of an answer, the inner element of an error.
Result<Value> read_structure(const Shape& structure, const wire::Response& response, XmlElement (*start)(const XmlDocument&)) {
    auto found = read_rest(structure, response);
    if (!found) return found.error();
    if (const auto* payload = structure.member(structure.payload)) {
        if (auto read = read_payload(*payload, response, *found); !read) return read.error();
        return Value{*std::move(found)};
    }
    if (std::ranges::none_of(structure.members, in_answer_body) || trimmed(response.body).empty()) return Value{*std::move(found)};
    const auto document = XmlDocument::parse(response.body);
    if (!document) return document.error();
    auto body = read_body(structure, start(*document));
    if (!body) return body;
    for (auto& [key, value] : *body->map()) found->set(key, std::move(value));
    return Value{*std::move(found)};
}

Result<Value> read(const Operation& operation, const wire::Response& response) {
    if (!operation.output) return Value{ValueMap{}};
    return read_structure(*operation.output, response, [](const XmlDocument& document) { return document.root(); });
}

/// S3 answers `<Error>...</Error>`, the others `<ErrorResponse><Error>...</Error><RequestId/></ErrorResponse>`.
XmlElement error_element(const XmlDocument& document) {
    return document.root().name() == "Error" ? document.root() : document.root().child("Error");
}

std::optional<RawError> read_error(const wire::Response& response) {
    const auto document = XmlDocument::parse(response.body);
    const auto error = document ? error_element(*document) : XmlElement{};
    if (!error) return std::nullopt;
    auto request_id = error.child("RequestId").text();
    if (request_id.empty()) request_id = document->root().child("RequestId").text();
    if (request_id.empty()) request_id = request_id_of(response);
    return RawError{error.child("Code").text(), error.child("Message").text(), std::move(request_id)};
}

Result<Value> read_error_members(const Shape& error, const wire::Response& response) {
    return read_structure(error, response, error_element);
}

}  // namespace

constinit const WireProtocol rest_xml_protocol{Protocol::rest_xml, write, read, read_error, read_error_members};

}  // namespace strata::aws
