#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace strata {

/// One row of two lists laid beside each other: in both, only wanted (added), or only live (taken away).
struct AlignedPair {
    std::optional<std::size_t> desired;
    std::optional<std::size_t> live;
};

/// Lays two lists beside each other so that as many equal items as possible face each other (longest
/// common subsequence); between those, items that differ are paired in order, and what is left over was
/// added or taken away. An item put in at the head is one added item.
std::vector<AlignedPair> align(std::size_t desired, std::size_t live, const std::function<bool(std::size_t, std::size_t)>& equal);

}  // namespace strata
