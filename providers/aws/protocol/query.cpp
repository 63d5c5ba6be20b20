#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/protocol/form.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"
#include "providers/aws/protocol/xml_shapes.hpp"

namespace strata::aws {

namespace {

Result<Serialized> write(const Service& service, const Operation& operation, const ValueMap& params) {
    return write_form(FormStyle::query, service, operation, params);
}

/// The members stand inside the result wrapper: `<GetUserResponse><GetUserResult>`.
Result<Value> read(const Operation& operation, const wire::Response& response) {
    if (!operation.output || (operation.output->members.empty() && trimmed(response.body).empty())) return Value{ValueMap{}};
    const auto document = XmlDocument::parse(response.body);
    if (!document) return document.error();
    const auto wrapper = operation.result_wrapper.empty() ? fmt::format("{}Result", operation.name) : std::string{operation.result_wrapper};
    const auto start = document->root().child(wrapper);
    const bool answer = document->root().name().ends_with("Response");
    if (!answer || (!start && !operation.output->members.empty()))
        return Error{.kind = ErrorKind::protocol,
                     .summary = "Not an answer of the query protocol",
                     .cause = fmt::format("there is no <{}> in it", wrapper),
                     .remedy = {}};
    return read_xml(*operation.output, start);
}

/// `<ErrorResponse><Error><Code/><Message/></Error><RequestId/></ErrorResponse>`; some services put `<Errors>` between.
XmlElement error_element(const XmlDocument& document) {
    const auto direct = document.root().child("Error");
    return direct ? direct : document.root().child("Errors").child("Error");
}

std::optional<RawError> read_error(const wire::Response& response) {
    const auto document = XmlDocument::parse(response.body);
    if (!document) return std::nullopt;
    const auto error = error_element(*document);
    if (!error) return std::nullopt;
    auto request_id = document->root().child("RequestId").text();
    if (request_id.empty()) request_id = document->root().child("RequestID").text();
    return RawError{error.child("Code").text(), error.child("Message").text(), std::move(request_id)};
}

Result<Value> read_error_members(const Shape& error, const wire::Response& response) {
    const auto document = XmlDocument::parse(response.body);
    if (!document) return document.error();
    return read_xml(error, error_element(*document));
}

}  // namespace

constinit const WireProtocol query_protocol{Protocol::query, write, read, read_error, read_error_members};

}  // namespace strata::aws
