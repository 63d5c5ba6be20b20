#include "cli/kms_keys.hpp"

#include <utility>

#include <fmt/format.h>

#include "cli/aws_kind.hpp"
#include "cli/connections.hpp"
#include "engine/base/crypto.hpp"
#include "providers/aws/model/registry.hpp"

namespace strata::cli {

namespace {

constexpr std::size_t key_bytes = 32;

/// A call that may be sent again when its answer is lost: it changes nothing that lasts.
Result<Value> answer_of(std::string_view operation, ValueMap params, const KmsKey& key, const std::string& environment,
                        Connections& connections) {
    auto http = connections.state_http();
    if (!http) return std::move(http).error();
    const auto client = aws::Client::create(own_options(key, key.emulated, connections), **http, connections.clock(), connections.trace());
    const auto* service = aws::find_service("kms");
    params.set("KeyId", key.id);
    params.set("EncryptionContext", Value::map({{"strata:environment", environment}}));
    return client->call_and_wait(
        {.service = service, .operation = service->operation(operation), .params = std::move(params), .repeatable = true});
}

std::string bytes_in(const Value& answer, std::string_view member) {
    const auto* found = answer.find(member);
    return found != nullptr && found->bytes() != nullptr ? found->bytes()->data : std::string{};
}

Result<SealKey> plain_key_in(Value& answer, const KmsKey& key) {
    const auto* plain = answer.find("Plaintext");
    const auto* bytes = plain != nullptr ? plain->bytes() : nullptr;
    if (bytes == nullptr || bytes->data.size() != key_bytes)
        return Error{.kind = ErrorKind::protocol,
                     .summary = "KMS gives no data key",
                     .cause = fmt::format("The answer of KMS for {} holds no key of {} bytes.", key.id, key_bytes),
                     .remedy = "See what stands between here and KMS."};
    SealKey made{bytes->data};
    wipe(const_cast<Bytes*>(bytes)->data);  // stands in `answer`, which is not const
    return made;
}

Error with_words(Error error, std::string summary, std::string remedy) {
    error.summary = std::move(summary);
    error.remedy = std::move(remedy);
    return error;
}

/// What KMS itself refuses; what kept it from being asked stays as it is.
bool is_refusal(const Error& error) {
    return !error.code.empty() && error.kind != ErrorKind::credentials && error.kind != ErrorKind::network &&
           error.kind != ErrorKind::timeout && error.kind != ErrorKind::throttled && error.kind != ErrorKind::outcome_unknown;
}

Error explained(Error error, std::string_view action, const KmsKey& key, const std::string& environment) {
    error.cause = fmt::format("{} with {}: {}", action, key.id, error.cause);
    if (error.kind == ErrorKind::access_denied)
        return with_words(std::move(error), "KMS key may not be used",
                          fmt::format("Nothing was written. The credentials need kms:Decrypt, and to make a data key "
                                      "kms:GenerateDataKey, on {}, with the encryption context strata:environment={}.",
                                      key.id, environment));
    if (error.code == "DisabledException")
        return with_words(std::move(error), "KMS key is disabled",
                          fmt::format("Nothing was written. Enable it:\n  aws kms enable-key --key-id {} --region {}", key.id, key.region));
    if (error.code == "KMSInvalidStateException")
        return with_words(std::move(error), "KMS key cannot be used",
                          "Nothing was written. If it waits for its deletion, cancel that (aws kms cancel-key-deletion) and enable it: "
                          "without the key nothing opens what it sealed.");
    if (error.code == "NotFoundException")
        return with_words(std::move(error), "KMS key is not there",
                          fmt::format("Nothing was written. See that \"kms_key\" and the region ({}) are right: a key that was deleted "
                                      "is gone for good, with all that it sealed.",
                                      key.region));
    if (error.code == "InvalidCiphertextException")
        return with_words(std::move(error), "Data key cannot be opened",
                          fmt::format("Nothing was written. \"data_key\" was changed, or was made for another environment than \"{}\". Put "
                                      "back what stood there; the file's history has it.",
                                      environment));
    if (error.code == "IncorrectKeyException")
        return with_words(
            std::move(error), "Data key is of another KMS key",
            "Nothing was written. Name the key that sealed it as \"kms_key\"; an alias may have been given to another key since.");
    if (error.remedy.empty()) error.remedy = "Nothing was written.";
    return error;
}

}  // namespace

Result<KeyService::DataKey> KmsKeys::make(const KmsKey& key, const std::string& environment) {
    auto answer = answer_of("GenerateDataKey", {{"KeySpec", "AES_256"}}, key, environment, connections_);
    if (!answer) return explained(std::move(answer).error(), "Making a data key", key, environment);
    const auto plain = plain_key_in(*answer, key);
    if (!plain) return plain.error();
    auto made = key;
    made.data_key = bytes_in(*answer, "CiphertextBlob");
    // Who may make one and not open it would seal what nobody here can read again.
    const auto opened = open(made, environment);
    if (!opened) return opened.error();
    return DataKey{.plain = *opened, .sealed = made.data_key};
}

Result<SealKey> KmsKeys::open(const KmsKey& key, const std::string& environment) {
    auto answer = answer_of("Decrypt", {{"CiphertextBlob", Bytes{key.data_key}}}, key, environment, connections_);
    if (answer) return plain_key_in(*answer, key);
    auto error = explained(std::move(answer).error(), "Opening the data key", key, environment);
    if (is_refusal(error)) error.kind = ErrorKind::state_unreadable;
    return error;
}

}  // namespace strata::cli
