#include "engine/base/address.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace strata {

std::string shown_url(std::string_view address) {
    const auto scheme_end = address.find("://");
    const bool has_scheme = scheme_end != std::string_view::npos && address.find_first_of("/?#@") > scheme_end;
    const auto scheme = has_scheme ? address.substr(0, scheme_end + 3) : std::string_view{};
    const auto rest = address.substr(scheme.size());
    const auto host_end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto user_end = rest.rfind('@');
    if (user_end != std::string_view::npos && user_end > host_end) return fmt::format("{}...", scheme);
    const auto host = user_end == std::string_view::npos ? 0 : user_end + 1;
    return fmt::format("{}{}", scheme, rest.substr(host, rest.find_first_of("?#") - host));
}

bool has_user(std::string_view address) { return address.find('@') != std::string_view::npos; }

}  // namespace strata
