#include <string_view>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::ec2 {

/// Leaves out the routes that gateway endpoints put in, and names the target of routes to load balancer endpoints as a program does.
void routes_as_written(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    auto* value = properties.find("Routes");
    if (value == nullptr || value->list() == nullptr) return;
    ValueList routes;
    for (auto& route : *value->list()) {
        const auto* gateway = route.find("GatewayId");
        const bool endpoint = gateway != nullptr && gateway->text_or("").starts_with("vpce-");
        if (endpoint && route.find("DestinationPrefixListId") != nullptr) continue;
        if (endpoint) {
            route.map()->set("VpcEndpointId", *gateway);
            route.map()->erase("GatewayId");
        }
        routes.push_back(std::move(route));
    }
    if (routes.empty()) properties.erase("Routes");
    else *value = std::move(routes);
}

}  // namespace strata::aws::hooks::ec2
