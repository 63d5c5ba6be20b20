#pragma once

#include <cstdint>

#include "providers/aws/protocol/protocol.hpp"

namespace strata::aws {

/// The two dialects of `application/x-www-form-urlencoded` requests. They differ in how members are named, and in that
/// query wraps list items in `.member` while ec2 never does.
enum class FormStyle : std::uint8_t { query, ec2 };

/// The whole request: `Action`, `Version`, and one pair for every scalar inside `params`.
Result<Serialized> write_form(FormStyle style, const Service& service, const Operation& operation, const ValueMap& params);

}  // namespace strata::aws
