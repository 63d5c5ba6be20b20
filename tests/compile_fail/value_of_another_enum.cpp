// A value of another enum than the property's.
// expect: instance_tenancy = strata::aws::dynamodb::TableClass::standard
// expect: strata::Input<strata::aws::ec2::Tenancy>
#include "providers/aws/dynamodb.hpp"
#include "providers/aws/ec2.hpp"

#ifdef MISTAKE
const strata::aws::ec2::VpcArgs network{.instance_tenancy = strata::aws::dynamodb::TableClass::standard};
#else
const strata::aws::ec2::VpcArgs network{.instance_tenancy = strata::aws::ec2::Tenancy::host};
#endif
