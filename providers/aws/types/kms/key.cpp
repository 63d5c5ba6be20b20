#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::kms {

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
