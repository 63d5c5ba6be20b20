#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/value.hpp"

namespace strata {

/// What is wrong with a setting, and what to do about it.
struct Complaint {
    std::string what;  ///< goes on after the setting's name: "must be between 2 and 3, but is 7."
    std::string remedy = {};
};

/// A demand on a setting's value beyond its type. Empty when the value will do.
using Check = std::function<std::optional<Complaint>(const Value&)>;

/// A number in this range, both ends included.
Check between(std::int64_t least, std::int64_t most);
Check at_least(std::int64_t least);
/// A real number in this range, both ends included.
Check between_reals(double least, double most);
/// One of these words exactly.
Check one_of(std::vector<std::string> words);
/// Any text but "".
Check not_empty();
/// Text that matches the whole of a regular expression (ECMAScript).
/// @param wanted  what that is, for people: "a bucket prefix (lower-case letters, digits, hyphens)"
Check matching(std::string pattern, std::string wanted);
/// An IPv4 network in CIDR form (RFC 4632), its host bits zero, its prefix length in this range. EC2 takes /16 to /28
/// for a VPC or subnet (Amazon VPC User Guide, "VPC CIDR blocks").
Check ipv4_network(int shortest_prefix = 16, int longest_prefix = 28);
/// Every one of these, in order; the first complaint counts.
Check all_of(std::vector<Check> checks);

}  // namespace strata
