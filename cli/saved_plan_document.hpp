#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/base/value.hpp"

namespace strata::cli {

inline constexpr int saved_plan_schema = 2;

/// The document in a file that --save-plan wrote: a map whose "stacks" are maps with lists of maps "resources", "steps" and "outputs",
/// and a map "live".
/// @param file  how errors name it
/// @errors stale_plan when it is none, or one of another version
Result<Value> read_saved_plan(std::string_view text, const std::string& file);

/// The first way in which two such documents differ, in words; empty when they are the same.
std::string first_difference(const Value& saved, const Value& now);

/// @param difference  without a full stop
Error plan_no_longer_fits(const std::string& file, std::string difference);

/// The list under `key`; empty when there is none.
const ValueList& member_list(const Value& document, std::string_view key);
/// The text under `key`; empty when there is none.
std::string member_text(const Value& document, std::string_view key);

}  // namespace strata::cli
