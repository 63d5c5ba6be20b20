#pragma once

#include <deque>
#include <string_view>

#include "engine/base/value.hpp"
#include "engine/model/schema.hpp"
#include "providers/aws/resource/declaration.hpp"

namespace strata::aws {

/// What an answer holds, in the form in which a program would set it: members that the property does not have are
/// left out, texts become numbers and booleans where the property wants those, nulls go.
Value in_form_of(const Value& answer, const Schema& schema);

/// Undoes what the service did to a text.
Value decoded(Value value, Field::Decode decode);

/// The part of `root` that a path leads to. A plain path ("A.B") is walked without copying.
/// @param store  keeps what had to be made
const Value* locate(const Value& root, std::string_view path, std::deque<Value>& store);

}  // namespace strata::aws
