#include <curl/curl.h>
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "config/environment.hpp"
#include "engine/base/address.hpp"
#include "providers/aws/auth/canonical.hpp"
#include "providers/aws/endpoint/endpoint.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

struct CurlFree {
    void operator()(char* text) const { curl_free(text); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart what) {
    char* text = nullptr;
    if (curl_url_get(url, what, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, CurlFree> owned{text};
    return text;
}

/// The host, and the port unless it is the scheme's own, to which curl would connect; "" when it refuses the address.
std::string host_of_curl(const std::string& address) {
    const std::unique_ptr<CURLU, CurlFree> url{curl_url()};
    if (curl_url_set(url.get(), CURLUPART_URL, address.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) return {};
    const auto port = part(url.get(), CURLUPART_PORT);
    const auto own = part(url.get(), CURLUPART_SCHEME) == "https" ? "443" : "80";
    const auto host = part(url.get(), CURLUPART_HOST);
    return port.empty() || port == own ? host : fmt::format("{}:{}", host, port);
}

/// What is signed for, and what a token may be sent to, is the host that curl connects to.
void require_host_as_curl_sees_it(const std::string& address) {
    const aws::Service service{.name = "sts", .endpoint_prefix = "sts"};
    const auto endpoint = aws::resolve_endpoint(service, "ca-central-1", {.for_all = address});
    if (!endpoint) return require_readable(endpoint.error());
    const auto curls = host_of_curl(endpoint->url + "/");
    require(!curls.empty(), "an address that is taken can be connected to");
    require(curls == aws::url_parts(endpoint->url).host, "curl connects to the host that is signed for");
}

void require_parts(std::string_view address) {
    const auto parts = aws::url_parts(address);
    require(parts.host.find_first_of("/?#@") == std::string_view::npos, "a host is a host");
    require(parts.path.starts_with('/'), "a path begins with a slash");
    require(parts.path.find_first_of("?#") == std::string_view::npos, "a path ends where the query begins");
    const auto query = aws::canonical_query(parts.query);
    require(aws::canonical_query(query) == query, "a canonical query is canonical");
    const aws::SigningRules normalizing{.encode_path = false};
    const auto path = aws::canonical_path(parts.path, normalizing);
    require(aws::canonical_path(path, normalizing) == path, "a normalized path is normalized");
    require(shown_url(address).find_first_of("?#") == std::string::npos, "no query is shown");
}

}  // namespace

void url(std::string_view input) {
    require_parts(input);
    require_host_as_curl_sees_it(std::string{input});
    const auto state = parse_state_location(input);
    if (state && state->kind == StateLocation::Kind::s3) require(!state->bucket.empty(), "state in S3 has a bucket");
}

}  // namespace strata::fuzz
