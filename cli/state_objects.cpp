#include "cli/state_objects.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/aws_kind.hpp"
#include "cli/connections.hpp"
#include "providers/aws/state/s3_objects.hpp"

namespace strata::cli {

namespace {

std::string_view without_slash(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return url;
}

/// True when the bucket is one of the emulator that the environment works with.
bool lies_in_the_emulator(const StateLocation& location, const LoadedEnvironment& loaded) {
    if (!location.endpoint || !loaded.endpoint || location.profile || location.assume_role) return false;
    return without_slash(*location.endpoint) == without_slash(*loaded.endpoint) && is_on_this_machine(*loaded.endpoint);
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> s3_state_objects(const StateLocation& location, const LoadedEnvironment& loaded,
                                                      Connections& connections) {
    auto http = connections.state_http();
    if (!http) return std::move(http).error();
    auto client = aws::Client::create(own_options(location, lies_in_the_emulator(location, loaded), connections), **http,
                                      connections.clock(), connections.trace());
    const auto& environment = loaded.environment.name;
    return aws::s3_objects(
        std::move(client),
        {.bucket = location.bucket, .prefix = location.prefix.empty() ? environment : fmt::format("{}/{}", location.prefix, environment)});
}

}  // namespace strata::cli
