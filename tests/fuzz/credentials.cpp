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

/// The error of such an answer with this secret; empty when it is none. What our words and a secret have in common gives nothing away.
std::string error_with(Value answer, const std::string& secret) {
    auto members = *answer.map();
    members.set("SecretAccessKey", secret);
    const auto found = aws::credentials_from_json(to_json(Value{std::move(members)}), "Token", "the source");
    return found ? std::string{} : found.error().text();
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
    const auto answer = parse_json(input, "the input");
    if (!answer || answer->map() == nullptr || secret.empty()) return;
    require(error_with(*answer, secret) == error_with(*answer, std::string(secret.size(), '?')), "an error does not depend on the secret");
}

}  // namespace strata::fuzz
