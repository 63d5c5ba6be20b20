#include <string>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::rds {

// Amazon RDS API, CreateDBSubnetGroup: lower case, and subnets in at least two zones.
void check_subnet_group(const ValueMap& properties, const Provider::Report& report) {
    const auto* name = properties.find("DBSubnetGroupName");
    const auto text = std::string{name != nullptr ? name->text_or("") : ""};
    if (text != lower(text))
        report("DBSubnetGroupName", "Names of subnet groups are stored in lower case.", "Write \"" + lower(text) + "\".");
    if (text == "default")
        report("DBSubnetGroupName", "\"default\" is the name of the group that every account has.", "Choose another name.");
    const auto* subnets = properties.find("SubnetIds");
    if (subnets != nullptr && subnets->list() != nullptr && subnets->list()->size() < 2)
        report("SubnetIds", "A subnet group needs subnets in at least two availability zones.", "Add a subnet of another zone.");
}

}  // namespace strata::aws::hooks::rds
