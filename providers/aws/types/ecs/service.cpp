#include <string_view>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::ecs {

namespace {

bool is_set(const ValueMap& map, std::string_view name) {
    const auto* value = map.find(name);
    return value != nullptr && !value->is_null();
}

}  // namespace

// Another capacity provider strategy takes effect with a new deployment only (Amazon ECS API, UpdateService).
Status prepare_service(Caller& /*call*/, std::string_view operation, const Step& /*step*/, ValueMap& params) {
    if (operation == "UpdateService" && params.contains("capacityProviderStrategy")) params.set("forceNewDeployment", Value{true});
    return {};
}

void check_service(const ValueMap& properties, const Provider::Report& report) {
    if (is_set(properties, "launchType") && is_set(properties, "capacityProviderStrategy"))
        report("launchType", "A service has a launch type or a capacity provider strategy, not both.", "Leave one of them out.");
    const auto* strategy = properties.find("schedulingStrategy");
    if (strategy != nullptr && strategy->text_or("") == "DAEMON" && is_set(properties, "desiredCount"))
        report("desiredCount", "A DAEMON service runs one task on each instance; it has no desired count.", "Leave `.desired_count` out.");
}

}  // namespace strata::aws::hooks::ecs
