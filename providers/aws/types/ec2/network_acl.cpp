#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::ec2 {

namespace {

Value filter(std::string_view name, std::string_view value) {
    return Value::map({{"Name", Value{name}}, {"Values", Value::list({Value{value}})}});
}

}  // namespace

/// The type file says "default" where a subnet goes back to the list that its network was born with.
Status default_acl(Caller& call, std::string_view operation, const Step& step, ValueMap& params) {
    auto* acl = params.find("NetworkAclId");
    if (operation != "ReplaceNetworkAclAssociation" || acl == nullptr || acl->text_or("") != "default") return {};
    const auto* vpc = step.properties.find("VpcId");
    const auto answer =
        call("ec2", "DescribeNetworkAcls",
             {{"Filters", Value::list({filter("vpc-id", vpc != nullptr ? vpc->revealed().text_or("") : ""), filter("default", "true")})}});
    if (!answer) return answer.error();
    const auto* found = answer->find("NetworkAcls");
    const auto* id =
        found != nullptr && found->list() != nullptr && !found->list()->empty() ? found->list()->front().find("NetworkAclId") : nullptr;
    if (id == nullptr)
        return Error{.kind = ErrorKind::not_found,
                     .summary = "The network has no default list",
                     .cause = step.address,
                     .remedy = "Put the subnet into another list first."};
    *acl = *id;
    return {};
}

}  // namespace strata::aws::hooks::ec2
