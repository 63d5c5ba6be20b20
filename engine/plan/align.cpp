#include "engine/plan/align.hpp"

#include <algorithm>

namespace strata {

namespace {

/// Pairs the items of one gap between equal ones: first those that face each other, then the rest.
void add_gap(std::vector<AlignedPair>& pairs, std::size_t d, std::size_t d_end, std::size_t l, std::size_t l_end) {
    while (d < d_end && l < l_end) pairs.push_back({d++, l++});
    while (d < d_end) pairs.push_back({d++, std::nullopt});
    while (l < l_end) pairs.push_back({std::nullopt, l++});
}

/// lengths[d][l]: of the longest common subsequence of desired[d..] and live[l..].
std::vector<std::vector<std::size_t>> common_lengths(const std::vector<std::vector<bool>>& same, std::size_t desired, std::size_t live) {
    std::vector<std::vector<std::size_t>> lengths(desired + 1, std::vector<std::size_t>(live + 1, 0));
    for (std::size_t d = desired; d-- > 0;)
        for (std::size_t l = live; l-- > 0;)
            lengths[d][l] = same[d][l] ? lengths[d + 1][l + 1] + 1 : std::max(lengths[d + 1][l], lengths[d][l + 1]);
    return lengths;
}

}  // namespace

std::vector<AlignedPair> align(std::size_t desired, std::size_t live, const std::function<bool(std::size_t, std::size_t)>& equal) {
    // Long lists that are alike are common: equal ends cost nothing.
    std::size_t head = 0;
    while (head < desired && head < live && equal(head, head)) ++head;
    std::size_t tail = 0;
    while (tail < desired - head && tail < live - head && equal(desired - 1 - tail, live - 1 - tail)) ++tail;

    std::vector<AlignedPair> pairs;
    for (std::size_t i = 0; i < head; ++i) pairs.push_back({i, i});
    const auto rows = desired - head - tail;
    const auto columns = live - head - tail;
    std::vector<std::vector<bool>> same(rows, std::vector<bool>(columns));
    for (std::size_t d = 0; d < rows; ++d)
        for (std::size_t l = 0; l < columns; ++l) same[d][l] = equal(head + d, head + l);
    const auto lengths = common_lengths(same, rows, columns);
    std::size_t d = 0;
    std::size_t l = 0;
    std::size_t gap_d = 0;
    std::size_t gap_l = 0;
    while (d < rows && l < columns) {
        if (same[d][l]) {
            add_gap(pairs, head + gap_d, head + d, head + gap_l, head + l);
            pairs.push_back({head + d, head + l});
            gap_d = ++d;
            gap_l = ++l;
        } else if (lengths[d + 1][l] >= lengths[d][l + 1]) {
            ++d;
        } else {
            ++l;
        }
    }
    add_gap(pairs, head + gap_d, head + rows, head + gap_l, head + columns);
    for (std::size_t i = 0; i < tail; ++i) pairs.push_back({desired - tail + i, live - tail + i});
    return pairs;
}

}  // namespace strata
