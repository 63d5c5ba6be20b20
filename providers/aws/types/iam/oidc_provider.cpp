#include <string>
#include <string_view>

#include <fmt/format.h>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::iam {

namespace {

constexpr std::string_view scheme = "https://";

}  // namespace

/// The issuer's address without its scheme is the last part of the ARN (IAM user guide, "IAM identifiers").
std::string provider_arn(const ValueMap& properties, const ProviderIdentity& identity) {
    const auto* url = properties.find("Url");
    if (url == nullptr || url->string() == nullptr || identity.account.empty()) return {};
    std::string_view issuer = *url->string();
    if (issuer.starts_with(scheme)) issuer.remove_prefix(scheme.size());
    return fmt::format("arn:{}:iam::{}:oidc-provider/{}", identity.partition, identity.account, issuer);
}

/// IAM answers the issuer's address without its scheme, which was part of what was asked for.
void provider_url(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    auto* url = properties.find("Url");
    if (url == nullptr || url->string() == nullptr || url->string()->starts_with(scheme)) return;
    *url = Value{std::string{scheme} + *url->string()};
}

}  // namespace strata::aws::hooks::iam
