// Text for a property that is true or false.
// expect: enable_dns_support = "yes"
// expect: strata::Input<bool>
#include "providers/aws/ec2.hpp"

#ifdef MISTAKE
const strata::aws::ec2::VpcArgs network{.cidr_block = "10.0.0.0/16", .enable_dns_support = "yes"};
#else
const strata::aws::ec2::VpcArgs network{.cidr_block = "10.0.0.0/16", .enable_dns_support = true};
#endif
