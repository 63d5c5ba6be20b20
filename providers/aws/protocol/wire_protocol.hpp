#pragma once

#include <optional>
#include <string>

#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// What an error answer says of itself, whatever the protocol.
struct RawError {
    std::string code;  ///< without namespace or URL; empty when the answer has none
    std::string message;
    std::string request_id;
};

/// One wire protocol. `write` gets arguments that fit the model, `read` an answer that is no error.
struct WireProtocol {
    Protocol protocol;
    Result<Serialized> (*write)(const Service&, const Operation&, const ValueMap& params);
    Result<Value> (*read)(const Operation&, const wire::Response&);
    /// Empty when the answer is no error of this protocol (an HTML page, truncated text, nothing).
    std::optional<RawError> (*read_error)(const wire::Response&);
    /// The members of an error whose shape is known.
    Result<Value> (*read_error_members)(const Shape& error, const wire::Response&);
};

extern const WireProtocol ec2_protocol;
extern const WireProtocol query_protocol;
extern const WireProtocol json_protocol;
extern const WireProtocol rest_json_protocol;
extern const WireProtocol rest_xml_protocol;

const WireProtocol& protocol_of(const Service& service);

/// "aws.protocoltests#InvalidGreeting:http://..." -> "InvalidGreeting".
std::string plain_code(std::string_view code);

/// The request id out of the headers that services put it in; empty when there is none.
std::string request_id_of(const wire::Response& response);

}  // namespace strata::aws
