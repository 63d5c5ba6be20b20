#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace strata::fuzz {

void require(bool holds, const std::string& what) {
    if (!holds) throw Broken{what};
}

void require_readable(const Error& error) { require(!error.summary.empty() && !error.cause.empty(), "an error says what and where"); }

bool is_printable(std::string_view text) {
    const auto controls = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; };
    return std::ranges::none_of(text, controls);
}

}  // namespace strata::fuzz
