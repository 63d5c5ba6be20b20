#include "engine/wire/failure.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/address.hpp"

namespace strata::wire {

namespace {

struct Words {
    ErrorKind kind;
    std::string_view summary;
    std::string_view remedy;
};

Words words_for(Failure what) {
    using enum ErrorKind;
    switch (what) {
        case Failure::bad_request: return {invalid_program, "Request cannot be sent", ""};
        case Failure::file: return {io, "Cannot read file to send", ""};
        case Failure::dns: return {network, "Host name not found", "Check the network connection, the region and the endpoint's name."};
        case Failure::proxy: return {network, "Proxy cannot be reached", "Check https_proxy, http_proxy and no_proxy in the environment."};
        case Failure::connect:
            return {network, "Cannot connect", "Check that the service runs, and that nothing between here and there blocks the port."};
        case Failure::ca_bundle:
            return {io, "CA bundle cannot be used",
                    "Set AWS_CA_BUNDLE to a PEM file of trusted authorities, or unset it to use the system's."};
        case Failure::certificate:
            return {
                network, "Server's certificate refused",
                "Check the clock and the host name. Where a proxy inspects traffic, set AWS_CA_BUNDLE to a PEM file with its authority."};
        case Failure::tls:
            return {network, "TLS handshake failed", "Check that the endpoint speaks https, and what proxies stand in between."};
        case Failure::connect_timeout:
            return {timeout, "No connection in time", "Check the network connection and the endpoint's address."};
        case Failure::timeout: return {timeout, "No answer in time", "Try again; where it stays so, check the service's health page."};
        case Failure::stalled: return {timeout, "Exchange stalled", "Check the network connection."};
        case Failure::reset: return {network, "Connection lost", "Try again; where it stays so, check the network connection."};
        case Failure::truncated: return {network, "Answer cut short", "Try again; where it stays so, check what proxies stand in between."};
        case Failure::too_long: return {protocol, "Answer too long", "Check that the endpoint is the service it is taken for."};
        case Failure::headers_too_long:
            return {protocol, "Answer's header too long", "Check that the endpoint is the service it is taken for."};
        case Failure::not_http: return {protocol, "Answer is not HTTP", "Check the endpoint's port, and whether it wants https."};
        case Failure::interrupted: return {interrupted, "Request interrupted", ""};
    }
    return {internal, "Request failed", ""};
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
/// A tab may stand in a header's value (RFC 9110 section 5.5).
bool breaks_value(char c) { return is_control(c) && c != '\t'; }

}  // namespace

Error http_error(const FailureFacts& facts, const Request& request) {
    const auto words = words_for(facts.what);
    auto cause = fmt::format("{} {}", request.method, shown_url(request.url));
    if (!facts.detail.empty()) cause += fmt::format(": {}", facts.detail);
    if (!cause.ends_with('.')) cause += '.';
    if (!facts.ca_bundle.empty()) cause += fmt::format("\nTrusted authorities were read from {}.", facts.ca_bundle);
    return Error{.kind = words.kind,
                 .summary = std::string{words.summary},
                 .cause = std::move(cause),
                 .remedy = std::string{words.remedy},
                 .code = std::string{facts.sent ? code_sent : code_not_sent}};
}

std::string unsendable_part(const Request& request) {
    const auto spoils_token = [](char c) { return is_control(c) || c == ' ' || c == ':'; };
    if (request.method.empty() || std::ranges::any_of(request.method, spoils_token)) return "the method";
    // A raw space would end the address early; other bytes above 0x7F are the server's to judge.
    if (std::ranges::any_of(request.url, [](char c) { return is_control(c) || c == ' '; })) return "the address";
    if (!request.url.starts_with("http://") && !request.url.starts_with("https://"))
        return "the address (it must begin with http:// or https://)";
    for (const auto& [name, value] : request.headers) {
        if (name.empty() || std::ranges::any_of(name, spoils_token)) return "the name of a header";
        if (std::ranges::any_of(value, breaks_value)) return fmt::format("the value of the header {}", name);
    }
    return {};
}

}  // namespace strata::wire
