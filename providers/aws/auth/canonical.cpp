#include "providers/aws/auth/canonical.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

// What a proxy may change, and what curl adds by itself.
constexpr std::array<std::string_view, 6> not_signed = {"authorization",     "connection", "expect",
                                                        "transfer-encoding", "user-agent", "x-amzn-trace-id"};

/// RFC 3986 section 5.2.4, and runs of slashes as one.
std::string normalized(std::string_view path) {
    std::vector<std::string> kept;
    for (const auto& part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        if (part != "..") kept.push_back(part);
        else if (!kept.empty()) kept.pop_back();
    }
    auto out = "/" + join(kept, "/");
    if (!kept.empty() && path.ends_with('/')) out += '/';
    return out;
}

/// Trimmed, runs of white space as one blank, folded lines joined.
std::string single_spaced(std::string_view value) {
    std::string out;
    for (const char c : trimmed(value)) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    return out;
}

bool is_default_port(std::string_view scheme, std::string_view port) {
    return port.empty() || (scheme == "http" && port == "80") || (scheme == "https" && port == "443");
}

}  // namespace

UrlParts url_parts(std::string_view url) {
    const auto scheme_end = std::min(url.find("://"), url.size());
    const auto scheme = url.substr(0, scheme_end);
    auto rest = url.substr(std::min(scheme_end + 3, url.size()));
    rest = rest.substr(0, rest.find('#'));

    UrlParts parts;
    const auto query = rest.find('?');
    if (query != std::string_view::npos) parts.query = rest.substr(query + 1);
    rest = rest.substr(0, query);
    const auto path = rest.find('/');
    parts.path = path == std::string_view::npos ? "/" : rest.substr(path);
    parts.host = rest.substr(0, path);
    parts.host.remove_prefix(parts.host.rfind('@') + 1);  // nothing where there is none: npos + 1 is 0

    const auto colon = parts.host.rfind(':');
    const bool inside_brackets = colon != std::string_view::npos && parts.host.find(']', colon) != std::string_view::npos;
    if (colon != std::string_view::npos && !inside_brackets && is_default_port(scheme, parts.host.substr(colon + 1)))
        parts.host = parts.host.substr(0, colon);
    return parts;
}

std::string canonical_path(std::string_view path, const SigningRules& rules) {
    const auto sent = rules.normalize_path ? normalized(path) : std::string{path};
    return rules.encode_path ? percent_encode(sent, Slash::keep) : sent;
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const auto& part : split(query, '&')) {
        if (part.empty()) continue;
        const auto equals = std::min(part.find('='), part.size());
        const std::string_view text{part};
        parameters.emplace_back(percent_encode(percent_decode(text.substr(0, equals))),
                                percent_encode(percent_decode(text.substr(std::min(equals + 1, text.size())))));
    }
    std::ranges::sort(parameters);
    std::string out;
    for (const auto& [name, value] : parameters) out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
    return out;
}

CanonicalHeaders canonical_headers(const wire::Request& request) {
    std::map<std::string, std::string> fields;
    for (const auto& [name, value] : request.headers) {
        auto key = lower(name);
        if (std::ranges::find(not_signed, key) != not_signed.end()) continue;
        const auto [place, fresh] = fields.try_emplace(std::move(key), single_spaced(value));
        if (!fresh) place->second += "," + single_spaced(value);
    }
    fields.try_emplace("host", url_parts(request.url).host);

    CanonicalHeaders out;
    for (const auto& [name, value] : fields) {
        out.lines += fmt::format("{}:{}\n", name, value);
        out.names += fmt::format("{}{}", out.names.empty() ? "" : ";", name);
    }
    return out;
}

}  // namespace strata::aws
