#include "cli/render/unified_diff.hpp"

#include <algorithm>

#include "engine/base/text.hpp"
#include "engine/plan/align.hpp"

namespace strata::cli {

namespace {

/// Above so many pairs of lines the comparison is not worth its time: then everything goes and everything comes.
constexpr std::size_t most_pairs = 4'000'000;

std::vector<std::string> whole_replacement(const std::vector<std::string>& old_lines, const std::vector<std::string>& new_lines) {
    std::vector<std::string> out;
    for (const auto& line : old_lines) out.push_back("-" + line);
    for (const auto& line : new_lines) out.push_back("+" + line);
    return out;
}

/// Added lines stand after all removed ones of the same spot.
std::vector<std::string> compared(const std::vector<std::string>& old_lines, const std::vector<std::string>& new_lines) {
    std::vector<std::string> out;
    std::vector<std::string> added;
    const auto flush = [&] {
        out.insert(out.end(), added.begin(), added.end());
        added.clear();
    };
    for (const auto& pair :
         align(new_lines.size(), old_lines.size(), [&](std::size_t n, std::size_t o) { return new_lines[n] == old_lines[o]; })) {
        const bool equal = pair.desired && pair.live && new_lines[*pair.desired] == old_lines[*pair.live];
        if (equal) flush();
        if (equal) out.push_back(" " + new_lines[*pair.desired]);
        if (!equal && pair.live) out.push_back("-" + old_lines[*pair.live]);
        if (!equal && pair.desired) added.push_back("+" + new_lines[*pair.desired]);
    }
    flush();
    return out;
}

}  // namespace

std::vector<std::string> unified_diff(std::string_view before, std::string_view after, std::size_t context) {
    const auto old_lines = before.empty() ? std::vector<std::string>{} : split(before, '\n');
    const auto new_lines = after.empty() ? std::vector<std::string>{} : split(after, '\n');
    if (old_lines.size() * new_lines.size() > most_pairs) return whole_replacement(old_lines, new_lines);

    const auto lines = compared(old_lines, new_lines);
    std::vector<bool> kept(lines.size(), false);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].front() == ' ') continue;
        const auto first = i > context ? i - context : 0;
        std::fill(kept.begin() + static_cast<std::ptrdiff_t>(first),
                  kept.begin() + static_cast<std::ptrdiff_t>(std::min(i + context + 1, lines.size())), true);
    }
    std::vector<std::string> out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (kept[i]) out.push_back(lines[i]);
        else if (i == 0 || kept[i - 1]) out.emplace_back("@@");
    }
    return out;
}

}  // namespace strata::cli
