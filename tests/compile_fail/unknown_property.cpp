// A property that the type does not have.
// expect: strata::aws::ec2::VpcArgs
// expect: cidr_blok
#include "providers/aws/ec2.hpp"

#ifdef MISTAKE
const strata::aws::ec2::VpcArgs network{.cidr_blok = "10.0.0.0/16"};
#else
const strata::aws::ec2::VpcArgs network{.cidr_block = "10.0.0.0/16"};
#endif
