#include "engine/plan/generated_name.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace strata {

std::string start_of_name(std::string_view stack, std::string_view address) {
    auto start = fmt::format("{}-{}", stack, address);
    std::ranges::replace(start, '/', '-');
    return start;
}

}  // namespace strata
