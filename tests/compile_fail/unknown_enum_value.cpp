// A value that the enum does not have.
// expect: instance_tenancy = ec2::Tenancy::dedicted
// expect: strata::aws::ec2::Tenancy
#include "providers/aws/ec2.hpp"

namespace ec2 = strata::aws::ec2;

#ifdef MISTAKE
const ec2::VpcArgs network{.instance_tenancy = ec2::Tenancy::dedicted};
#else
const ec2::VpcArgs network{.instance_tenancy = ec2::Tenancy::dedicated};
#endif
