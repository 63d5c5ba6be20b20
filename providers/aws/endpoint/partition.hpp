#pragma once

#include <span>
#include <string_view>

namespace strata::aws {

/// A separate AWS with accounts and host names of its own (botocore `partitions.json`).
struct Partition {
    std::string_view name;           ///< "aws", as in ARNs
    std::string_view region_prefix;  ///< of its regions' names; empty: every other region
    std::string_view dns_suffix;
    std::string_view dual_stack_suffix;
    std::string_view global_region;  ///< where services without regions are signed for
};

std::span<const Partition> partitions();
/// The partition of a region; "aws" for names that are not known yet.
const Partition& partition_of(std::string_view region);
/// True when the host name belongs to AWS itself, whatever partition.
bool is_aws_host(std::string_view host);

}  // namespace strata::aws
