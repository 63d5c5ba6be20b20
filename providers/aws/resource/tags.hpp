#pragma once

#include <string_view>

#include "engine/base/value.hpp"
#include "engine/model/provider.hpp"
#include "providers/aws/resource/declaration.hpp"

namespace strata::aws {

/// Tags by which Strata finds its own things again. The engine wants stack and address like any other tag, so that a
/// rename moves them; the token is put on by the provider alone and never shown.
inline constexpr std::string_view stack_tag = "strata:stack";
inline constexpr std::string_view address_tag = "strata:address";
inline constexpr std::string_view token_tag = "strata:token";

/// `tags` as a service wants them in one place.
Value encode_tags(const ValueMap& tags, const TagForm& form);
/// Tags as they stand in an answer (a map, or a list of keys and values in any spelling) as a map; all of them.
ValueMap decode_tags(const Value& tags);
/// Without those of AWS ("aws:...") and the token.
ValueMap own_tags(const ValueMap& tags);
/// The token tag of a thing that the step makes.
ValueMap bookkeeping_tags(const Step& step);

}  // namespace strata::aws
