#include <array>
#include <optional>
#include <string>
#include <utility>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::kms {

namespace {

Value tag_filter(std::string_view key, const std::string& value) {
    return Value::map({{"Key", Value{key}}, {"Values", Value::list({Value{value}})}});
}

/// Of what was asked for and cannot change, the key has the same.
bool could_be(const Value& key, const ValueMap& params) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> usual = {
        {{"KeySpec", "SYMMETRIC_DEFAULT"}, {"KeyUsage", "ENCRYPT_DECRYPT"}, {"Origin", "AWS_KMS"}}};
    for (const auto& [name, fallback] : usual) {
        const auto* wanted = params.find(name);
        const auto* present = key.find(name);
        if (present == nullptr || present->text_or("") != (wanted != nullptr ? wanted->text_or("") : fallback)) return false;
    }
    const auto* regions = params.find("MultiRegion");
    const auto* several = key.find("MultiRegion");
    return (several != nullptr && several->boolean_or(false)) == (regions != nullptr && regions->boolean_or(false));
}

/// The youngest of our keys of this address that waits for its deletion; nothing when there is none, or none can be looked at.
std::optional<Value> waiting_for_deletion(Caller& call, const Step& step, const ValueMap& params) {
    const auto tagged =
        call.pages("resourcegroupstaggingapi", "GetResources",
                   {{"ResourceTypeFilters", Value::list({Value{"kms:key"}})},
                    {"TagFilters", Value::list({tag_filter("strata:stack", step.stack), tag_filter("strata:address", step.address)})}});
    const auto* list = tagged ? tagged->find("ResourceTagMappingList") : nullptr;
    if (list == nullptr || list->list() == nullptr) return std::nullopt;
    std::optional<Value> youngest;
    for (const auto& resource : *list->list()) {
        const auto* arn = resource.find("ResourceARN");
        if (arn == nullptr) continue;
        const auto answer = call("kms", "DescribeKey", {{"KeyId", *arn}});
        const auto* key = answer ? answer->find("KeyMetadata") : nullptr;
        const auto* state = key != nullptr ? key->find("KeyState") : nullptr;
        if (state == nullptr || state->text_or("") != "PendingDeletion" || !could_be(*key, params)) continue;
        const auto made = [](const Value& one) { return one.find("CreationDate") != nullptr ? one.find("CreationDate")->text_or("") : ""; };
        if (!youngest || made(*key) > made(*youngest)) youngest = *key;
    }
    return youngest;
}

/// What a deleted key encrypted is lost with it. While one of ours waits for its end it is taken back: another key could not
/// read a thing, and whatever cannot change its key would be replaced.
Status take_back_key(Caller& call, const Step& step, ValueMap& params) {
    const auto key = waiting_for_deletion(call, step, params);
    if (!key || key->find("KeyId") == nullptr) return {};
    const auto& id = *key->find("KeyId");
    if (auto kept = call("kms", "CancelKeyDeletion", {{"KeyId", id}}); !kept) return std::move(kept).error();
    if (const auto* tags = params.find("Tags"); tags != nullptr)
        if (auto tagged = call("kms", "TagResource", {{"KeyId", id}, {"Tags", *tags}}); !tagged) return std::move(tagged).error();
    if (auto enabled = call("kms", "EnableKey", {{"KeyId", id}}); !enabled) return std::move(enabled).error();
    const auto* about = params.find("Description");
    const auto* present = key->find("Description");
    if (about != nullptr && (present == nullptr || !(*present == about->without_marks())))
        if (auto described = call("kms", "UpdateKeyDescription", {{"KeyId", id}, {"Description", *about}}); !described)
            return std::move(described).error();
    call.take_over(std::string{id.text_or("")});
    params = {};
    return {};
}

/// The rotation of a key that is off cannot be changed: it is on for as long as that takes.
Status rotate_while_on(Caller& call, std::string_view operation, ValueMap& params) {
    const ValueMap key{{"KeyId", params["KeyId"]}};
    if (auto on = call("kms", "EnableKey", key); !on) return std::move(on).error();
    const auto changed = call("kms", operation, params);
    if (auto off = call("kms", "DisableKey", key); !off) return std::move(off).error();
    if (!changed) return changed.error();
    params = {};
    return {};
}

}  // namespace

Status prepare_key(Caller& call, std::string_view operation, const Step& step, ValueMap& params) {
    if (operation == "CreateKey") return take_back_key(call, step, params);
    const auto* enabled = step.properties.find("Enabled");
    const bool off = enabled != nullptr && !enabled->boolean_or(true);
    if (off && (operation == "EnableKeyRotation" || operation == "DisableKeyRotation")) return rotate_while_on(call, operation, params);
    return {};
}

/// The model allows a window of 1 to 365 days, the service 7 to 30 (KMS API reference, ScheduleKeyDeletion).
void check_key(const ValueMap& properties, const Provider::Report& report) {
    const auto* window = properties.find("DeletionWindowInDays");
    const auto* days = window != nullptr ? window->integer() : nullptr;
    if (days != nullptr && (*days < 7 || *days > 30))
        report("DeletionWindowInDays", std::to_string(*days) + " days are no window that KMS takes.", "Choose 7 to 30.");

    const auto* rotation = properties.find("Rotation");
    const auto* enabled = rotation != nullptr ? rotation->find("KeyRotationEnabled") : nullptr;
    const auto* spec = properties.find("KeySpec");
    if (enabled != nullptr && enabled->boolean_or(false) && spec != nullptr && spec->text_or("SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT")
        report("Rotation.KeyRotationEnabled", "Only a symmetric encryption key can be rotated.", "Leave out `.rotation`, or `.key_spec`.");
}

}  // namespace strata::aws::hooks::kms
