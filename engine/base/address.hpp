#pragma once

#include <string>
#include <string_view>

namespace strata {

/// `address` without query, fragment, user name and password: what an error or a trace may show of a URL, also of one that is none.
/// Where it cannot be told which part is the password (one with a slash in it), no more than the scheme: "http://...".
std::string shown_url(std::string_view address);

/// True where a user name or password may stand in it.
bool has_user(std::string_view address);

}  // namespace strata
