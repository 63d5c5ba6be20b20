#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::iam {

/// IAM answers the issuer's address without its scheme, which was part of what was asked for.
void provider_url(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    auto* url = properties.find("Url");
    if (url == nullptr || url->string() == nullptr || url->string()->starts_with("https://")) return;
    *url = Value{"https://" + *url->string()};
}

}  // namespace strata::aws::hooks::iam
