#pragma once

#include <string>
#include <string_view>

#include "engine/wire/http.hpp"
#include "providers/aws/auth/signer.hpp"

namespace strata::aws {

/// The parts of an address that a signature covers; views into it.
struct UrlParts {
    std::string_view host;   ///< with its port, unless that is the scheme's own
    std::string_view path;   ///< as it is sent; "/" when there is none
    std::string_view query;  ///< without '?'
};
UrlParts url_parts(std::string_view url);

/// The path as it is signed.
std::string canonical_path(std::string_view path, const SigningRules& rules);
/// Parameters decoded, encoded anew, and sorted by name, then value.
std::string canonical_query(std::string_view query);

struct CanonicalHeaders {
    std::string lines;  ///< "name:value\n" each, sorted
    std::string names;  ///< "host;x-amz-date"
};
/// Every field but those that proxies and libraries change on the way; `host` is added from the address.
CanonicalHeaders canonical_headers(const wire::Request& request);

}  // namespace strata::aws
