#include "engine/base/text.hpp"
#include "providers/aws/protocol/form.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"
#include "providers/aws/protocol/xml_shapes.hpp"

namespace strata::aws {

namespace {

Result<Serialized> write(const Service& service, const Operation& operation, const ValueMap& params) {
    return write_form(FormStyle::ec2, service, operation, params);
}

/// The members stand directly inside the root, `<DescribeVpcsResponse>`.
Result<Value> read(const Operation& operation, const wire::Response& response) {
    if (!operation.output || (operation.output->members.empty() && trimmed(response.body).empty())) return Value{ValueMap{}};
    const auto document = XmlDocument::parse(response.body);
    if (!document) return document.error();
    if (!document->root().name().ends_with("Response"))
        return Error{.kind = ErrorKind::protocol, .summary = "Not an EC2 answer", .cause = "another root element", .remedy = {}};
    return read_xml(*operation.output, document->root());
}

/// `<Response><Errors><Error><Code/><Message/></Error></Errors><RequestID/></Response>`
XmlElement error_element(const XmlDocument& document) { return document.root().child("Errors").child("Error"); }

std::optional<RawError> read_error(const wire::Response& response) {
    const auto document = XmlDocument::parse(response.body);
    if (!document) return std::nullopt;
    const auto error = error_element(*document);
    if (!error) return std::nullopt;
    auto request_id = document->root().child("RequestID").text();
    if (request_id.empty()) request_id = document->root().child("RequestId").text();
    return RawError{error.child("Code").text(), error.child("Message").text(), std::move(request_id)};
}

Result<Value> read_error_members(const Shape& error, const wire::Response& response) {
    const auto document = XmlDocument::parse(response.body);
    if (!document) return document.error();
    return read_xml(error, error_element(*document));
}

}  // namespace

constinit const WireProtocol ec2_protocol{Protocol::ec2, write, read, read_error, read_error_members};

}  // namespace strata::aws
