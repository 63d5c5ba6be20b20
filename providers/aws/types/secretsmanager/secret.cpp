#include <algorithm>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::secretsmanager {

namespace {

constexpr std::string_view service = "secretsmanager";

ValueMap tags_in(const Value* list) {
    ValueMap tags;
    if (list == nullptr || list->list() == nullptr) return tags;
    for (const auto& tag : *list->list())
        if (const auto *key = tag.find("Key"), *value = tag.find("Value"); key != nullptr && value != nullptr)
            tags.set(key->text_or(""), *value);
    return tags;
}

bool same_text(const ValueMap& tags, std::string_view key, const std::string& text) {
    const auto* value = tags.find(key);
    return value != nullptr && value->text_or("") == text;
}

/// Members of the request that the restored secret has otherwise.
ValueMap otherwise(const Value& found, const ValueMap& params) {
    ValueMap changes;
    for (const std::string_view name : {"Description", "KmsKeyId"}) {
        const auto* wanted = params.find(name);
        const auto* present = found.find(name);
        if (wanted != nullptr && (present == nullptr || !(*present == wanted->without_marks()))) changes.set(name, *wanted);
    }
    return changes;
}

/// DescribeSecret and ListSecrets name the same member differently. Empty when the secret has no value.
std::string current_version(const Value& answer) {
    for (const std::string_view member : {"VersionIdsToStages", "SecretVersionsToStages"}) {
        const auto* versions = answer.find(member);
        if (versions == nullptr || versions->map() == nullptr) continue;
        for (const auto& [id, stages] : *versions->map())
            if (stages.list() != nullptr && std::ranges::find(*stages.list(), Value{"AWSCURRENT"}) != stages.list()->end()) return id;
    }
    return {};
}

}  // namespace

/// A deleted secret keeps its name, and its value, until its window ends. One of ours is taken back; of any other, or one that
/// cannot be looked at, CreateSecret says what is wrong.
Status take_back_secret(Caller& call, std::string_view operation, const Step& step, ValueMap& params) {
    if (operation != "CreateSecret") return {};
    const auto* name = params.find("Name");
    if (name == nullptr) return {};
    const Value id = *name;
    const auto found = call(service, "DescribeSecret", {{"SecretId", id}});
    if (!found || found->find("DeletedDate") == nullptr) return {};
    const auto present = tags_in(found->find("Tags"));
    if (!same_text(present, "strata:stack", step.stack) || !same_text(present, "strata:address", step.address)) return {};

    if (auto restored = call(service, "RestoreSecret", {{"SecretId", id}}); !restored) return std::move(restored).error();
    if (auto changes = otherwise(*found, params); !changes.empty()) {
        changes.set("SecretId", id);
        if (auto changed = call(service, "UpdateSecret", std::move(changes)); !changed) return std::move(changed).error();
    }
    if (const auto* tags = params.find("Tags"); tags != nullptr)
        if (auto tagged = call(service, "TagResource", {{"SecretId", id}, {"Tags", *tags}}); !tagged) return std::move(tagged).error();
    params = {};
    return {};
}

/// Function and rules stay listed after a rotation was cancelled: then there is none. Where a rotation makes new versions,
/// a version that is not ours says nothing about what a person did.
void show_rotation_and_version(const Value& answer, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& outputs) {
    const auto* enabled = answer.find("RotationEnabled");
    if (enabled != nullptr && enabled->boolean_or(false)) return;
    properties.erase("Rotation");
    if (auto version = current_version(answer); !version.empty()) outputs.set("CurrentVersionId", std::move(version));
}

void check_secret(const ValueMap& properties, const Provider::Report& report) {
    if (properties.contains("SecretString") && properties.contains("SecretBinary"))
        report("SecretBinary", "A secret holds a text or bytes, not both.", "Leave out `.secret_string` or `.secret_binary`.");

    // Secrets Manager API reference, DeleteSecret.
    const auto* window = properties.find("RecoveryWindowInDays");
    const auto* days = window != nullptr ? window->integer() : nullptr;
    if (days != nullptr && (*days < 7 || *days > 30))
        report("RecoveryWindowInDays", std::to_string(*days) + " days are no window that Secrets Manager takes.", "Choose 7 to 30.");
    const auto* force = properties.find("ForceDeleteWithoutRecovery");
    if (days != nullptr && force != nullptr && force->boolean_or(false))
        report("ForceDeleteWithoutRecovery", "Deleting at once leaves no recovery window.", "Leave out one of the two.");
}

}  // namespace strata::aws::hooks::secretsmanager
