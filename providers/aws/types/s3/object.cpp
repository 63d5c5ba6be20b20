#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::s3 {

/// S3 names the storage class of an object only when it is not the standard one.
void object_as_written(const Value& /*answer*/, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    if (!properties.contains("StorageClass")) properties.set("StorageClass", Value{"STANDARD"});
}

}  // namespace strata::aws::hooks::s3
