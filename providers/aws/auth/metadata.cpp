#include "providers/aws/auth/metadata.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "engine/base/address.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/wire/failure.hpp"
#include "providers/aws/auth/canonical.hpp"

namespace strata::aws {

namespace {

// The metadata service is one hop away, or not there at all.
constexpr Milliseconds instance_timeout{1'000};
constexpr Milliseconds container_timeout{5'000};
constexpr std::size_t longest_code = 40;
constexpr std::size_t answer_limit = std::size_t{1} << 20;

Error source_error(std::string_view what, std::string cause, std::string remedy = {}) {
    return Error{.kind = ErrorKind::credentials,
                 .summary = "Credentials cannot be fetched",
                 .cause = fmt::format("{}: {}", what, cause),
                 .remedy = std::move(remedy)};
}

wire::Request local_request(std::string method, std::string url, Milliseconds timeout) {
    return {.method = std::move(method),
            .url = std::move(url),
            .headers = {},
            .body = {},
            .connect_timeout = timeout,
            .timeout = timeout,
            .response_limit = answer_limit,
            .direct = true};
}

bool may_receive_token(std::string_view url) {
    if (url.starts_with("https://")) return true;
    static constexpr std::array<std::string_view, 5> hosts = {"localhost", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "[::1]"};
    auto host = url_parts(url).host;
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) host = host.substr(0, colon);
    if (std::ranges::find(hosts, host) != hosts.end()) return true;
    const bool digits = std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return digits && host.starts_with("127.");
}

Result<std::string> container_token(const Variables& environment, Files& files) {
    std::string token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
    if (const auto path = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
        auto content = files.read(*path);
        if (!content) return content.error();
        token = trimmed(*content);
    }
    if (token.find_first_of("\r\n") != std::string::npos)
        return source_error("the container's credentials", "the authorization token holds a line break.");
    return token;
}

}  // namespace

Result<Credentials> credentials_from_json(std::string_view json, std::string_view token_name, std::string_view what) {
    const auto document = parse_json(json, what, {.depth = 20, .bytes = answer_limit, .values = 1000});
    // The parser's own words may quote the text, which holds keys.
    if (!document || document->map() == nullptr) return source_error(what, "the answer is not a JSON object.");
    const auto text = [&](std::string_view name) {
        const auto* const found = document->find(name);
        return found == nullptr ? std::string{} : std::string{found->text_or("")};
    };
    if (text("AccessKeyId").empty() || text("SecretAccessKey").empty()) {
        // A message may repeat what the source was sent, a token above all.
        const auto code = text("Code");
        const bool is_word =
            !code.empty() && code.size() <= longest_code && std::ranges::all_of(code, [](unsigned char c) { return std::isalnum(c) != 0; });
        return source_error(what, fmt::format("the answer has no AccessKeyId and SecretAccessKey.{}",
                                              is_word ? fmt::format(" Its code is {}.", code) : ""));
    }
    const auto expiration = text("Expiration");
    const auto expires = parse_iso8601(expiration);
    if (!expiration.empty() && !expires) return source_error(what, "its Expiration is not an ISO 8601 time.");
    return Credentials{text("AccessKeyId"), text("SecretAccessKey"), text(token_name), expires};
}

Result<std::optional<Credentials>> container_credentials(const Variables& environment, Files& files, wire::Http& http) {
    static constexpr std::string_view what = "the container's credentials";
    const auto relative = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto full = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!relative && !full) return std::optional<Credentials>{};
    const auto url = relative ? fmt::format("http://169.254.170.2{}", *relative) : *full;
    if (!may_receive_token(url))
        return source_error(what, fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {}.", shown_url(url)),
                            "It must be https, or plain http to this machine or to the container's agent.");
    auto token = container_token(environment, files);
    if (!token) return std::move(token).error();

    auto request = local_request("GET", url, container_timeout);
    request.headers.add("Accept", "application/json");
    if (!token->empty()) request.headers.add("Authorization", *token);
    const auto answer = http.send_and_wait(std::move(request));
    if (!answer) return source_error(what, answer.error().cause);
    if (answer->status != 200) return source_error(what, fmt::format("{} answered {}.", shown_url(url), answer->status));
    auto found = credentials_from_json(answer->body, "Token", what);
    if (!found) return std::move(found).error();
    return std::optional{*std::move(found)};
}

Result<std::optional<Credentials>> instance_credentials(const Variables& environment, wire::Http& http) {
    static constexpr std::string_view what = "the instance's credentials";
    const std::optional<Credentials> none;
    if (equal_ignoring_case(environment("AWS_EC2_METADATA_DISABLED").value_or(""), "true")) return none;
    const bool six = equal_ignoring_case(environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or(""), "ipv6");
    auto base = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(six ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
    while (base.ends_with('/')) base.pop_back();

    auto ask_token = local_request("PUT", base + "/latest/api/token", instance_timeout);
    ask_token.headers.add("X-aws-ec2-metadata-token-ttl-seconds", "21600");
    const auto token = http.send_and_wait(std::move(ask_token));
    if (!token || token->status != 200) return none;
    if (trimmed(token->body).find_first_of("\r\n") != std::string_view::npos) return none;

    const auto get = [&](const std::string& path) {
        auto request = local_request("GET", base + "/latest/meta-data/iam/security-credentials/" + path, instance_timeout);
        request.headers.add("X-aws-ec2-metadata-token", std::string{trimmed(token->body)});
        return http.send_and_wait(std::move(request));
    };
    const auto roles = get("");
    if (!roles || roles->status != 200 || trimmed(roles->body).empty()) return none;
    const auto role = split(trimmed(roles->body), '\n').front();
    const auto answer = get(std::string{trimmed(role)});
    if (!answer) return source_error(what, answer.error().cause);
    if (answer->status != 200) return source_error(what, fmt::format("the metadata service answered {} for the role.", answer->status));
    auto found = credentials_from_json(answer->body, "Token", what);
    if (!found) return std::move(found).error();
    return std::optional{*std::move(found)};
}

}  // namespace strata::aws
