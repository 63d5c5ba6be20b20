#pragma once

#include <optional>
#include <string>

#include "engine/wire/rate_limit.hpp"
#include "providers/aws/model/shape.hpp"

namespace strata::aws {

/// The calls that share one of AWS's request buckets.
struct ApiGroup {
    std::string name;                          ///< "ec2:DescribeVpcs", "glue:read": unique among all groups
    std::optional<wire::Rate> published = {};  ///< empty: AWS publishes none
};

/// EC2 counts each API by itself; of the other services a table holds what is published, and the rest is
/// told apart by service and by reading or changing.
ApiGroup api_group(const Service& service, const Operation& operation);

}  // namespace strata::aws
