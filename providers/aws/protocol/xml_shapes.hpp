#pragma once

#include <string>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "providers/aws/model/shape.hpp"
#include "providers/aws/protocol/xml.hpp"

namespace strata::aws {

/// Reads the members of `structure` that travel in the body out of `element`. What the model does not know is left out.
/// @errors protocol, naming the member, when a text is no such number, boolean or base64
Result<Value> read_xml(const Shape& structure, XmlElement element);

/// The element that `name` and `params` (a map of `structure`'s body members) make, as XML text.
/// @param space the namespace that the model gives where the structure is used
struct XmlSpace {
    std::string_view prefix = {};
    std::string_view uri = {};
};
std::string write_xml(const Shape& structure, const ValueMap& params, std::string_view name, const XmlSpace& space);

}  // namespace strata::aws
