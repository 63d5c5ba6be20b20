#include "engine/base/json.hpp"
#include "providers/aws/auth/metadata.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

std::string text_in(std::string_view json, std::string_view name) {
    const auto document = parse_json(json, "the input");
    const auto* found = document ? document->find(name) : nullptr;
    return found != nullptr ? std::string{found->text_or("")} : std::string{};
}

/// What the answer itself says to people may hold anything.
bool is_told(std::string_view json, const std::string& secret) {
    return text_in(json, "Message").find(secret) != std::string::npos || text_in(json, "Code").find(secret) != std::string::npos;
}

}  // namespace

/// What a credential process or a metadata service answers.
void credentials(std::string_view input) {
    const auto found = aws::credentials_from_json(input, "Token", "the source");
    const auto secret = text_in(input, "SecretAccessKey");
    if (found) {
        require(!found->access_key().empty() && found->secret_key() == secret, "credentials are whole");
        return;
    }
    require_readable(found.error());
    constexpr std::size_t too_short_to_tell = 8;
    if (secret.size() >= too_short_to_tell && !is_told(input, secret))
        require(found.error().text().find(secret) == std::string::npos, "an error shows no secret");
}

}  // namespace strata::fuzz
