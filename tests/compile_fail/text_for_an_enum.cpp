// Text for an enum: what the model does not know is said with enum_value, so that a misspelling cannot pass for it.
// expect: instance_tenancy = "dedicated"
// expect: strata::Input<strata::aws::ec2::Tenancy>
#include "providers/aws/ec2.hpp"

#ifdef MISTAKE
const strata::aws::ec2::VpcArgs network{.instance_tenancy = "dedicated"};
#else
const strata::aws::ec2::VpcArgs network{.instance_tenancy = strata::enum_value("dedicated")};
#endif
