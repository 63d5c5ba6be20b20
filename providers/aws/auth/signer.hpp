#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/wire/http.hpp"
#include "providers/aws/auth/credentials.hpp"

namespace strata::aws {

/// For whom a signature counts.
struct SigningScope {
    std::string region;
    std::string service;  ///< the signing name ("monitoring", not "cloudwatch")
};

/// Where services differ (AWS "Signature Version 4 signing process", "Create a canonical request").
struct SigningRules {
    bool normalize_path = true;        ///< resolve `.`, `..` and `//`; S3: false, an object's key may hold them
    bool encode_path = true;           ///< encode the sent path once more; S3: false
    bool payload_header = false;       ///< send x-amz-content-sha256, which S3 demands
    bool token_after_signing = false;  ///< the session token is sent but not signed (AWS IoT)

    static SigningRules for_service(std::string_view signing_name);
};

/// "UNSIGNED-PAYLOAD": the body is not covered by the signature.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

/// SHA-256 of what a request sends, as 64 hex digits: of the file's content where `body_file` is not empty.
/// @errors io when the file cannot be read
Result<std::string> payload_hash(std::string_view body, const std::string& body_file);

/// The steps of a signature, for tests and for `--verbose`.
struct SignedParts {
    std::string canonical_request;
    std::string string_to_sign;
    std::string signature;  ///< 64 hex digits
};

/// AWS Signature Version 4. Remembers derived keys, which hold for a day, region and service: four HMACs
/// saved for each request. Thread-safe.
class Signer {
public:
    /// Adds X-Amz-Date, X-Amz-Security-Token, x-amz-content-sha256 (where the rules ask for it) and
    /// Authorization to `request`; fields of those names that are already there are replaced.
    /// @param payload  what payload_hash() gave, or unsigned_payload
    SignedParts sign(wire::Request& request, const Credentials& credentials, const SigningScope& scope, const SigningRules& rules,
                     std::string_view payload, WallTime now);

    /// Puts the signature into `request.url`, to be used by somebody without credentials.
    /// @param valid  at most 7 days (604,800 s) with AWS; not checked here
    SignedParts presign(wire::Request& request, const Credentials& credentials, const SigningScope& scope, const SigningRules& rules,
                        std::string_view payload, WallTime now, std::chrono::seconds valid);

private:
    struct Key {
        std::string made_for;  ///< access key, date, region and service
        std::string secret;    ///< of those credentials, in case a key id is given a new secret
        std::string bytes;
    };
    std::string signing_key(const Credentials& credentials, std::string_view date, const SigningScope& scope);
    SignedParts compute(const wire::Request& request, const Credentials& credentials, const SigningScope& scope, const SigningRules& rules,
                        std::string_view payload, std::string_view timestamp);

    std::mutex mutex_;
    std::vector<Key> keys_;  // guarded by mutex_
};

}  // namespace strata::aws
