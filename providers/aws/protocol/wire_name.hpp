#pragma once

#include <string_view>

#include "providers/aws/model/shape.hpp"

namespace strata::aws {

inline std::string_view or_else(std::string_view name, std::string_view otherwise) { return name.empty() ? otherwise : name; }

/// What a member is called on the wire: `locationName`, else its own name.
inline std::string_view wire_name(const Member& member) { return or_else(member.location_name, member.name); }

/// True when a request carries the member in its body.
inline bool in_request_body(const Member& member) { return member.location == WireLocation::body; }

/// True when an answer carries the member in its body: labels and query strings exist in requests only, so a shape
/// that serves both ways has such members in the body of the answer.
inline bool in_answer_body(const Member& member) {
    switch (member.location) {
        case WireLocation::body:
        case WireLocation::uri:
        case WireLocation::query_string: return true;
        case WireLocation::header:
        case WireLocation::headers:
        case WireLocation::status_code: return false;
    }
    return true;
}

}  // namespace strata::aws
