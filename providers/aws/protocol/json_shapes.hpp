#pragma once

#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/base/value.hpp"
#include "providers/aws/model/shape.hpp"
#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// Bounds on the body of an answer: services send a few thousand things at a time. A map of nothing but short entries then
/// takes some 55 MB. What nests so deep still fits into state, where it stands some levels deeper.
inline constexpr JsonLimits answer_limits{.depth = 100, .bytes = std::size_t{8} << 20, .values = 200'000};

/// The JSON document of `structure`'s body members: wire names, timestamps and blobs in their JSON form.
/// @param params fits the structure (check.hpp)
Value to_json_form(const Shape& structure, const ValueMap& params);

/// The other way round. Members that are null or that the model does not know are left out.
/// @errors protocol, naming the member, when something is of another kind than the model says
Result<Value> from_json_form(const Shape& structure, const Value& document);

/// The body as a JSON object; an empty body is an empty object.
/// @errors protocol
Result<Value> json_body(const wire::Response& response);

}  // namespace strata::aws
