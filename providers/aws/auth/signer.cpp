#include "providers/aws/auth/signer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/files.hpp"
#include "providers/aws/auth/canonical.hpp"

namespace strata::aws {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
// One for each (day, region, service) in use; a run in many regions evicts the oldest.
constexpr std::size_t keys_remembered = 256;

std::string credential_scope(std::string_view date, const SigningScope& scope) {
    return fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service);
}

void add_parameter(std::string& url, std::string_view name, std::string_view value) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += fmt::format("{}={}", name, percent_encode(value));
}

}  // namespace

SigningRules SigningRules::for_service(std::string_view signing_name) {
    const bool s3 = signing_name == "s3" || signing_name == "s3-outposts" || signing_name == "s3-object-lambda";
    return {.normalize_path = !s3, .encode_path = !s3, .payload_header = s3};
}

Result<std::string> payload_hash(std::string_view body, const std::string& body_file) {
    if (body_file.empty()) return sha256_hex(body);
    std::ifstream file{body_file, std::ios::binary};
    if (!file) return file_error("Cannot read file to send", body_file, errno);
    Sha256 hash;
    std::array<char, 65536> block{};
    while (file.read(block.data(), block.size()) || file.gcount() > 0) hash.add({block.data(), static_cast<std::size_t>(file.gcount())});
    if (file.bad()) return file_error("Cannot read file to send", body_file, EIO);
    return hash.finish_hex();
}

SignedParts Signer::sign(wire::Request& request, const Credentials& credentials, const SigningScope& scope, const SigningRules& rules,
                         std::string_view payload, WallTime now) {
    const auto timestamp = iso8601_basic(now);
    const auto add_token = [&] {
        if (!credentials.session_token().empty()) request.headers.set("X-Amz-Security-Token", credentials.session_token());
    };
    request.headers.set("X-Amz-Date", timestamp);
    if (!rules.token_after_signing) add_token();
    if (rules.payload_header) request.headers.set("X-Amz-Content-Sha256", std::string{payload});

    auto parts = compute(request, credentials, scope, rules, payload, timestamp);
    request.headers.set("Authorization",
                        fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, credentials.access_key(),
                                    credential_scope(timestamp.substr(0, 8), scope), canonical_headers(request).names, parts.signature));
    if (rules.token_after_signing) add_token();
    return parts;
}

SignedParts Signer::presign(wire::Request& request, const Credentials& credentials, const SigningScope& scope, const SigningRules& rules,
                            std::string_view payload, WallTime now, std::chrono::seconds valid) {
    const auto timestamp = iso8601_basic(now);
    const bool has_token = !credentials.session_token().empty();
    auto& url = request.url;
    add_parameter(url, "X-Amz-Algorithm", algorithm);
    add_parameter(url, "X-Amz-Credential", fmt::format("{}/{}", credentials.access_key(), credential_scope(timestamp.substr(0, 8), scope)));
    add_parameter(url, "X-Amz-Date", timestamp);
    add_parameter(url, "X-Amz-Expires", std::to_string(valid.count()));
    if (has_token && !rules.token_after_signing) add_parameter(url, "X-Amz-Security-Token", credentials.session_token());
    add_parameter(url, "X-Amz-SignedHeaders", canonical_headers(request).names);

    auto parts = compute(request, credentials, scope, rules, payload, timestamp);
    if (has_token && rules.token_after_signing) add_parameter(url, "X-Amz-Security-Token", credentials.session_token());
    add_parameter(url, "X-Amz-Signature", parts.signature);
    return parts;
}

SignedParts Signer::compute(const wire::Request& request, const Credentials& credentials, const SigningScope& scope,
                            const SigningRules& rules, std::string_view payload, std::string_view timestamp) {
    const auto url = url_parts(request.url);
    const auto headers = canonical_headers(request);
    const auto date = timestamp.substr(0, 8);

    SignedParts parts;
    parts.canonical_request = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(url.path, rules),
                                          canonical_query(url.query), headers.lines, headers.names, payload);
    parts.string_to_sign =
        fmt::format("{}\n{}\n{}\n{}", algorithm, timestamp, credential_scope(date, scope), sha256_hex(parts.canonical_request));
    parts.signature = hex_encode(hmac_sha256(signing_key(credentials, date, scope), parts.string_to_sign));
    return parts;
}

std::string Signer::signing_key(const Credentials& credentials, std::string_view date, const SigningScope& scope) {
    const auto made_for = fmt::format("{}/{}", credentials.access_key(), credential_scope(date, scope));
    const std::lock_guard lock{mutex_};
    const auto found =
        std::ranges::find_if(keys_, [&](const Key& key) { return key.made_for == made_for && key.secret == credentials.secret_key(); });
    if (found != keys_.end()) return found->bytes;

    const auto of_date = hmac_sha256("AWS4" + credentials.secret_key(), date);
    const auto of_service = hmac_sha256(hmac_sha256(of_date, scope.region), scope.service);
    auto bytes = hmac_sha256(of_service, "aws4_request");
    if (keys_.size() >= keys_remembered) keys_.erase(keys_.begin());
    keys_.push_back({.made_for = made_for, .secret = credentials.secret_key(), .bytes = bytes});
    return bytes;
}

}  // namespace strata::aws
