#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.hpp"
#include "engine/base/known_secrets.hpp"

namespace strata::aws {

/// A key pair that signs requests. Cannot be printed: no operator<<, no fmt formatter, and the secret
/// parts are reached by name only.
class Credentials {
public:
    Credentials(std::string access_key, std::string secret_key, std::string session_token = {}, std::optional<WallTime> expires = {})
        : access_key_{std::move(access_key)},
          secret_key_{std::move(secret_key)},
          session_token_{std::move(session_token)},
          expires_{expires} {}

    /// Not secret: it stands in every signature's scope.
    [[nodiscard]] const std::string& access_key() const { return access_key_; }
    [[nodiscard]] const std::string& secret_key() const { return secret_key_; }
    /// Empty for a user's own key pair.
    [[nodiscard]] const std::string& session_token() const { return session_token_; }
    /// Empty when the credentials do not expire by themselves.
    [[nodiscard]] std::optional<WallTime> expires() const { return expires_; }

    friend std::ostream& operator<<(std::ostream&, const Credentials&) = delete;

private:
    std::string access_key_;
    std::string secret_key_;
    std::string session_token_;
    std::optional<WallTime> expires_;
};

/// A key that is the same as its id is none: emulators' are made so.
inline void add_secrets_of(const Credentials& credentials, KnownSecrets& secrets) {
    if (credentials.secret_key() != credentials.access_key()) secrets.add(credentials.secret_key());
    secrets.add(credentials.session_token());
}

}  // namespace strata::aws
