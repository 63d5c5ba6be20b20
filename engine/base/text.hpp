#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trimmed(std::string_view text);
std::string lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Every line of `text` moved right by `spaces`.
std::string indented(std::string_view text, std::size_t spaces);

/// "DBInstanceIdentifier" -> "db_instance_identifier", "IPv6CidrBlock" -> "ipv6_cidr_block",
/// "kmsKeyId" -> "kms_key_id": how a wire name is written in C++.
std::string snake_case(std::string_view wire_name);

/// The candidate that `word` was probably meant to be: least edits, at most a third of its length;
/// empty when none is near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// True when `text` matches `pattern`, where `*` stands for any run of characters and `?` for one.
bool matches_glob(std::string_view pattern, std::string_view text);

/// "1 resource", "3 resources".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace strata
