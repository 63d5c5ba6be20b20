#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace strata::cli {

/// Two texts line by line as `diff -u` shows them, without its header: lines with " ", "-" or "+" in front, and "@@" where
/// equal lines were left out.
/// @param context  equal lines that are kept around each difference
std::vector<std::string> unified_diff(std::string_view before, std::string_view after, std::size_t context = 3);

}  // namespace strata::cli
