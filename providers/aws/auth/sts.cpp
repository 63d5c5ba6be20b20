#include "providers/aws/auth/sts.hpp"

#include <optional>
#include <thread>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"

namespace strata::aws {

namespace {

constexpr int attempts = 3;
constexpr Milliseconds between_attempts{200};

std::string unescaped(std::string_view text) {
    static constexpr std::pair<std::string_view, char> entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
    std::string out;
    while (!text.empty()) {
        bool replaced = false;
        for (const auto& [entity, plain] : entities) {
            if (!text.starts_with(entity)) continue;
            out += plain;
            text.remove_prefix(entity.size());
            replaced = true;
            break;
        }
        if (replaced) continue;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

/// Text of the first element of that name. STS's two answers are flat enough for that, and this layer stands below the XML protocols.
std::optional<std::string> element(std::string_view xml, std::string_view name) {
    const auto opening = fmt::format("<{}>", name);
    const auto closing = fmt::format("</{}>", name);
    const auto begin = xml.find(opening);
    if (begin == std::string_view::npos) return std::nullopt;
    const auto text = begin + opening.size();
    const auto end = xml.find(closing, text);
    if (end == std::string_view::npos) return std::nullopt;
    return unescaped(xml.substr(text, end - text));
}

std::string form(const RoleRequest& role, Clock& clock) {
    const bool web = !role.web_identity_token.empty();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
    std::string out = fmt::format("Action={}&Version=2011-06-15", web ? "AssumeRoleWithWebIdentity" : "AssumeRole");
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) out += fmt::format("&{}={}", name, percent_encode(value));
    };
    add("RoleArn", role.role_arn);
    add("RoleSessionName", role.session_name.empty() ? fmt::format("strata-{}", seconds) : role.session_name);
    add("ExternalId", role.external_id);
    add("DurationSeconds", role.duration_seconds > 0 ? std::to_string(role.duration_seconds) : std::string{});
    add("WebIdentityToken", role.web_identity_token);
    return out;
}

constexpr std::size_t longest_words = 1000;

/// What the answer says in this element, cut after secrets were taken out.
std::string words_in(const wire::Response& response, std::string_view name, const KnownSecrets& secrets) {
    auto words = secrets.redacted(element(response.body, name).value_or(""));
    if (words.size() > longest_words) words = with_replacements(words.substr(0, longest_words)) + "...";
    return words;
}

Error refused(const RoleRequest& role, const wire::Response& response, const KnownSecrets& secrets) {
    const auto code = words_in(response, "Code", secrets);
    const auto request = words_in(response, "RequestId", secrets);
    if (code.empty())
        return Error{.kind = ErrorKind::protocol,
                     .summary = "Role cannot be assumed",
                     .cause = fmt::format("{}: sts answered {} with something that is not its protocol.", role.role_arn, response.status),
                     .remedy = "Check the endpoint of sts."};
    return Error{.kind = ErrorKind::credentials,
                 .summary = "Role cannot be assumed",
                 .cause = fmt::format("{}: {} (request {}): {}", role.role_arn, code, request.empty() ? "unknown" : request,
                                      words_in(response, "Message", secrets)),
                 .remedy = "Check the role's trust policy, its external id, and that these credentials may call sts:AssumeRole.",
                 .code = code};
}

Result<Credentials> read_answer(const RoleRequest& role, const wire::Response& response, const KnownSecrets& secrets) {
    if (response.status != 200) return refused(role, response, secrets);
    const auto access_key = element(response.body, "AccessKeyId");
    const auto secret_key = element(response.body, "SecretAccessKey");
    const auto token = element(response.body, "SessionToken");
    if (!access_key || !secret_key || !token) return refused(role, response, secrets);
    return Credentials{*access_key, *secret_key, *token, parse_iso8601(element(response.body, "Expiration").value_or(""))};
}

bool worth_another_try(const Result<wire::Response>& answer) {
    if (answer) return answer->status >= 500 || answer->status == 429;
    return answer.error().kind == ErrorKind::network || answer.error().kind == ErrorKind::timeout;
}

}  // namespace

Result<Credentials> assume_role(const RoleRequest& role, const Credentials* source, const StsEndpoint& endpoint, wire::Http& http,
                                Clock& clock, const KnownSecrets& secrets) {
    Signer signer;
    const auto body = form(role, clock);
    for (int attempt = 1;; ++attempt) {
        wire::Request request{.method = "POST",
                              .url = endpoint.url + "/",
                              .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                              .body = body,
                              .timeout = Milliseconds{20'000}};
        if (source != nullptr) signer.sign(request, *source, endpoint.scope, SigningRules{}, sha256_hex(body), clock.now());
        const auto answer = http.send_and_wait(std::move(request));
        if (attempt < attempts && worth_another_try(answer)) {
            std::this_thread::sleep_for(between_attempts * attempt);
            continue;
        }
        if (!answer) return answer.error();
        return read_answer(role, *answer, secrets);
    }
}

}  // namespace strata::aws
