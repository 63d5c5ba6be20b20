#include "providers/aws/endpoint/partition.hpp"

#include <algorithm>
#include <array>

namespace strata::aws {

namespace {

constexpr std::array<Partition, 8> table = {{
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    {"aws", "", "amazonaws.com", "api.aws", "us-east-1"},
}};

bool ends_with_domain(std::string_view host, std::string_view domain) {
    return host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

std::span<const Partition> partitions() { return table; }

const Partition& partition_of(std::string_view region) {
    return *std::ranges::find_if(table, [&](const Partition& candidate) { return region.starts_with(candidate.region_prefix); });
}

bool is_aws_host(std::string_view host) {
    return std::ranges::any_of(table, [&](const Partition& partition) {
        return ends_with_domain(host, partition.dns_suffix) || ends_with_domain(host, partition.dual_stack_suffix);
    });
}

}  // namespace strata::aws
