#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::secretsmanager {

/// Function and rules stay listed after a rotation was cancelled: then there is none.
void show_rotation(const Value& answer, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    const auto* enabled = answer.find("RotationEnabled");
    if (enabled == nullptr || !enabled->boolean_or(false)) properties.erase("Rotation");
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
