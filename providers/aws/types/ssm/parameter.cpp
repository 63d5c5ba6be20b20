#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::ssm {

namespace {

// AWS General Reference, "Systems Manager endpoints and quotas".
constexpr std::size_t standard_bytes = 4096;
constexpr std::size_t advanced_bytes = 8192;

std::string_view text(const ValueMap& properties, std::string_view name) {
    const auto* value = properties.find(name);
    return value != nullptr ? value->revealed().text_or("") : std::string_view{};
}

}  // namespace

/// Policies are set as one JSON list and come back one by one, each with its state.
void show_policies(const Value& answer, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    properties.erase("Policies");
    const auto* policies = answer.find("Policies");
    if (policies == nullptr || policies->list() == nullptr) return;
    std::string joined;
    for (const auto& policy : *policies->list())
        if (const auto* one = policy.find("PolicyText")) joined += (joined.empty() ? "" : ",") + std::string{one->text_or("")};
    if (!joined.empty()) properties.set("Policies", Value{"[" + joined + "]"});
}

/// Intelligent-Tiering is a wish: it comes back as the tier that it led to, which check_parameter() sees to be the standard one.
Value tier_in_effect(const Value& tier) { return tier.text_or("") == "Intelligent-Tiering" ? Value{"Standard"} : tier; }

void check_parameter(const ValueMap& properties, const Provider::Report& report) {
    const auto name = text(properties, "Name");
    const auto path = name.starts_with("/") ? name.substr(1) : name;
    if (path.starts_with("aws") || path.starts_with("ssm"))
        report("Name", "\"" + std::string{name} + "\": names that begin with aws or ssm are reserved.", "Choose another name.");

    const auto tier = text(properties, "Tier");
    const auto size = text(properties, "Value").size();
    if (size > advanced_bytes)
        report("Value", "A parameter holds " + std::to_string(advanced_bytes) + " bytes at most, not " + std::to_string(size) + ".",
               "Keep it in a bucket or a secret.");
    const bool needs_advanced = size > standard_bytes || !text(properties, "Policies").empty();
    if (needs_advanced && size <= advanced_bytes && tier != "Advanced")
        report("Tier", "Policies, and values above " + std::to_string(standard_bytes) + " bytes, need the advanced tier.",
               "Set `.tier` to Advanced.");

    const auto type = text(properties, "Type");
    if (properties.contains("KeyId") && !type.empty() && type != "SecureString")
        report("KeyId", "Only a SecureString is encrypted.", "Leave out `.key_id`, or set `.type` to SecureString.");
}

}  // namespace strata::aws::hooks::ssm
