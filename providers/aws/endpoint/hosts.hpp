#pragma once

#include <string>
#include <string_view>

namespace strata::aws {

struct HostChoice {
    bool fips = false;
    bool dual_stack = false;
};

/// AWS's own host name for a service, and the region that its requests are signed for.
struct AwsHost {
    std::string name;
    std::string signing_region;
};

/// Most services follow one pattern, `prefix[-fips].region.suffix`; a table holds the others. Both were taken
/// from botocore's endpoint rule sets, and a test compares them with it.
/// @param prefix  the model's endpointPrefix ("monitoring", "api.ecr")
AwsHost aws_host(std::string_view prefix, std::string_view region, HostChoice choice);

}  // namespace strata::aws
