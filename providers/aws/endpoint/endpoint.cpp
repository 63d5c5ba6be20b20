#include "providers/aws/endpoint/endpoint.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "engine/base/address.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/auth/canonical.hpp"
#include "providers/aws/endpoint/partition.hpp"

namespace strata::aws {

namespace {

/// A configured address and who configured it.
struct Configured {
    std::string url;
    std::string by;
};

bool is_true(const std::optional<std::string>& text) { return text && equal_ignoring_case(*text, "true"); }

std::optional<std::string> find_in(const std::map<std::string, std::string, std::less<>>& profile, std::string_view name) {
    const auto found = profile.find(name);
    if (found == profile.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

std::optional<std::string> variable(const EndpointSettings& settings, std::string_view name) {
    return settings.environment ? settings.environment(name) : std::nullopt;
}

std::optional<Configured> configured_outside(const Service& service, const EndpointSettings& settings) {
    if (is_true(variable(settings, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) return std::nullopt;
    if (is_true(find_in(settings.profile, "ignore_configured_endpoint_urls"))) return std::nullopt;

    const auto own_variable = "AWS_ENDPOINT_URL_" + service_variable(service);
    for (const auto& name : {own_variable, std::string{"AWS_ENDPOINT_URL"}})
        if (auto url = variable(settings, name)) return Configured{*std::move(url), name};
    const auto own_setting = lower(service_variable(service)) + ".endpoint_url";
    for (const auto& name : {own_setting, std::string{"endpoint_url"}})
        if (auto url = find_in(settings.profile, name)) return Configured{*std::move(url), fmt::format("The profile's {}", name)};
    return std::nullopt;
}

std::optional<Configured> configured(const Service& service, const EndpointSettings& settings) {
    for (const auto& [name, url] : settings.by_service)
        if (name == service.name && !url.empty()) return Configured{url, fmt::format("The endpoint configured for {}", name)};
    if (!settings.for_all.empty()) return Configured{settings.for_all, "The configured endpoint"};
    return configured_outside(service, settings);
}

std::size_t start_of_port(std::string_view host) {
    const auto colon = host.rfind(':');
    return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host.size() : colon;
}

std::string_view without_port(std::string_view host) { return host.substr(0, start_of_port(host)); }

/// "127.0.0.1" or "::1" exactly as the system writes it.
bool is_canonical_address(int family, std::string_view text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::array<char, INET6_ADDRSTRLEN> written{};
    return ::inet_pton(family, std::string{text}.c_str(), bytes.data()) == 1 &&
           ::inet_ntop(family, bytes.data(), written.data(), written.size()) == text;
}

/// Decimal, or hexadecimal after 0x: a host of nothing but such labels is read as an IPv4 address (inet_aton), "2130706433" too.
bool is_number(std::string_view label) {
    const bool hexadecimal = label.starts_with("0x") || label.starts_with("0X");
    if (hexadecimal) label.remove_prefix(2);
    return std::ranges::all_of(label, [&](unsigned char c) { return hexadecimal ? std::isxdigit(c) != 0 : std::isdigit(c) != 0; });
}

/// A name, or an address in the one form that the connection and the signature both see.
bool is_plain_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) return is_canonical_address(AF_INET6, host.substr(1, host.size() - 2));
    if (std::ranges::all_of(split(host, '.'), is_number)) return is_canonical_address(AF_INET, host);
    return std::ranges::all_of(host, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_'; });
}

/// ":1" to ":65535"; nothing is fine too.
bool is_port(std::string_view text) {
    if (text.empty()) return true;
    text.remove_prefix(1);
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && !text.starts_with('0') && number > 0 && number <= 65535;
}

bool is_usable(std::string_view url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
    const auto unusable = [](unsigned char c) { return c <= ' ' || c == 0x7F || c == '?' || c == '#' || c == '@'; };
    if (std::ranges::any_of(url, unusable)) return false;
    url.remove_prefix(url.find("://") + 3);
    const auto host = url.substr(0, url.find('/'));
    return !host.empty() && is_plain_host(without_port(host)) && is_port(host.substr(start_of_port(host)));
}

HostChoice choice_of(const EndpointSettings& settings) {
    return {.fips = settings.use_fips || is_true(variable(settings, "AWS_USE_FIPS_ENDPOINT")) ||
                    is_true(find_in(settings.profile, "use_fips_endpoint")),
            .dual_stack = settings.use_dual_stack || is_true(variable(settings, "AWS_USE_DUALSTACK_ENDPOINT")) ||
                          is_true(find_in(settings.profile, "use_dualstack_endpoint"))};
}

/// A name that can stand in front of the S3 host: a label of DNS. One with a dot would not match the
/// certificate's wildcard.
bool fits_host_name(std::string_view bucket) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return bucket.size() >= 3 && bucket.size() <= 63 && std::ranges::all_of(bucket, fits) && bucket.front() != '-' && bucket.back() != '-';
}

}  // namespace

std::string service_variable(const Service& service) {
    std::string out{service.service_id.empty() ? service.name : service.service_id};
    for (char& c : out) c = c == ' ' || c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

Result<Endpoint> resolve_endpoint(const Service& service, std::string_view region, const EndpointSettings& settings) {
    if (region.empty())
        return Error{.kind = ErrorKind::invalid_config,
                     .summary = "No region",
                     .cause = fmt::format("A call of {} was asked for, but nothing says in which region.", service.name),
                     .remedy = "Set `region` in the environment's configuration, or AWS_REGION."};

    const auto host = aws_host(service.endpoint_prefix, region, choice_of(settings));
    const auto signing_name = service.signing_name.empty() ? service.endpoint_prefix : service.signing_name;
    Endpoint endpoint{.url = "https://" + host.name, .scope = {host.signing_region, std::string{signing_name}}};
    auto other = configured(service, settings);
    if (!other) return endpoint;

    if (!is_usable(other->url)) {
        // It may hold a password.
        const auto shown = shown_url(other->url);
        return Error{.kind = ErrorKind::invalid_config,
                     .summary = "Endpoint is not an address",
                     .cause = fmt::format("{} is \"{}\"{}.", other->by, shown, shown == other->url ? "" : " and more that is not shown"),
                     .remedy = "Give a scheme, a host and perhaps a port, as in http://127.0.0.1:4566."};
    }
    endpoint.url = std::move(other->url);
    while (endpoint.url.ends_with('/')) endpoint.url.pop_back();
    endpoint.custom = !is_aws_host(without_port(url_parts(endpoint.url).host));
    return endpoint;
}

std::string request_url(const Endpoint& endpoint, const Operation& operation, const Serialized& request) {
    std::string base = endpoint.url;
    std::string_view path = request.path;
    const auto add_host_prefix = [&](std::string_view prefix) { base.insert(base.find("://") + 3, prefix); };

    // Another vendor's host, or an address of digits, has no names below it.
    if (!endpoint.custom && !request.host_prefix.empty()) add_host_prefix(request.host_prefix);
    const bool in_bucket = endpoint.scope.service == "s3" && operation.request_uri.starts_with("/{Bucket}");
    if (in_bucket && !endpoint.custom) {
        const auto end = std::min(path.find('/', 1), path.size());
        const auto bucket = path.substr(1, end - 1);
        if (fits_host_name(bucket)) {
            add_host_prefix(fmt::format("{}.", bucket));
            path.remove_prefix(end);
        }
    }
    return fmt::format("{}{}{}{}{}", base, path.empty() ? "/" : "", path, request.query.empty() ? "" : "?", request.query);
}

}  // namespace strata::aws
