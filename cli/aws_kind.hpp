#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/deploy/provider_set.hpp"
#include "providers/aws/client/client.hpp"

namespace strata::cli {

class Connections;

/// Instances of the AWS provider. Their configuration: region, profile, assume_role, external_id, endpoint, endpoints (by
/// service), and emulator: the endpoint is one of this machine (`strata local`), which takes any credentials.
ProviderKind aws_kind(Connections& connections);

/// How calls are made for an instance with this configuration.
aws::ClientOptions aws_options(const ValueMap& config, const Connections& connections);

/// How Strata's own calls are made, to a bucket that holds state or to KMS: as whom and where `access` says (a StateLocation, a KmsKey).
/// A run does nothing meanwhile: after 40 seconds it is better to say so, and before its lease runs out.
template <typename Access>
aws::ClientOptions own_options(const Access& access, bool emulator, const Connections& connections) {
    ValueMap config{{"region", access.region}, {"emulator", emulator}};
    const auto set = [&](std::string_view name, const std::optional<std::string>& value) {
        if (value) config.set(name, *value);
    };
    set("profile", access.profile);
    set("assume_role", access.assume_role);
    set("external_id", access.external_id);
    set("endpoint", access.endpoint);
    auto options = aws_options(config, connections);
    options.deadline = Milliseconds{40'000};
    return options;
}

}  // namespace strata::cli
