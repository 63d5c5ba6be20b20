#include "providers/aws/ec2.hpp"
#include "tests/crash/every_type/stacks.hpp"

namespace every_type {

namespace ec2 = strata::aws::ec2;

namespace {

ec2::SecurityGroupRule from(const ec2::SecurityGroup& group, int port) {
    return {.from_port = port, .ip_protocol = "tcp", .referenced_group_id = group.id(), .to_port = port};
}

ec2::NetworkAclEntry entry(int number, const std::string& cidr) {
    return {.cidr_block = cidr, .egress = false, .protocol = "-1", .rule_action = ec2::RuleAction::allow, .rule_number = number};
}

}  // namespace

/// Replaced, the whole network moves to another range: everything in it follows.
void network(strata::Stack& stack, const Settings& settings) {
    const std::string prefix = settings.replaced() ? "10.1." : "10.0.";
    const ec2::Vpc vpc{
        stack, "vpc", {.cidr_block = prefix + "0.0/16", .enable_dns_hostnames = settings.changed(), .tags = {{"Name", settings.word()}}}};
    const ec2::Subnet subnet{
        stack, "subnet", {.cidr_block = prefix + "1.0/24", .map_public_ip_on_launch = settings.changed(), .vpc_id = vpc.id()}};
    const ec2::InternetGateway gateway{stack, "internet", {.tags = {{"Name", settings.word()}}, .vpc_id = vpc.id()}};
    if (settings.less()) return;

    const ec2::Route out{.destination_cidr_block = settings.changed() ? "192.0.2.0/24" : "0.0.0.0/0", .gateway_id = gateway.id()};
    const ec2::RouteTable routes{stack, "routes", {.associations = {subnet.id()}, .routes = {out}, .vpc_id = vpc.id()}};
    const ec2::NetworkAcl list{
        stack,
        "list",
        {.associations = {subnet.id()}, .entries = {entry(100, settings.changed() ? "10.0.0.0/8" : "0.0.0.0/0")}, .vpc_id = vpc.id()}};
}

/// Two groups whose rules name each other; one has a name of the program's, one a generated name.
void groups(strata::Stack& stack, const Settings& settings) {
    const auto about = settings.replaced() ? "Another" : "The first";
    const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
    const ec2::DefaultSecurityGroup closed{
        stack, "default", {.egress = strata::none, .ingress = strata::none, .tags = {{"Name", settings.word()}}, .vpc_id = vpc.id()}};
    const ec2::SecurityGroup named{stack, "named", {.description = about, .group_name = "named", .vpc_id = vpc.id()}};
    if (settings.less()) return;

    const ec2::SecurityGroup generated{
        stack, "generated", {.description = about, .ingress = {from(named, settings.changed() ? 8443 : 443)}, .vpc_id = vpc.id()}};
    named.contribute(stack, "Ingress", strata::List<ec2::SecurityGroupRule>{from(generated, 5432)}.declared());
}

/// None of these can stand beside its successor.
void gateways(strata::Stack& stack, const Settings& settings) {
    const ec2::Vpc vpc{stack, "vpc", {.cidr_block = "10.0.0.0/16"}};
    const ec2::Subnet subnet{stack, "subnet", {.cidr_block = "10.0.1.0/24", .vpc_id = vpc.id()}};
    const ec2::Eip address{
        stack, "address", {.domain = ec2::DomainType::vpc, .tags = {{"Name", settings.word()}}}, {.replace_on_changes = {"tags"}}};
    const ec2::FlowLog log{stack,
                           "log",
                           {.deliver_logs_permission_arn = "arn:aws:iam::123456789012:role/flow-logs",
                            .log_group_name = "flow-logs",
                            .resource_id = vpc.id(),
                            .resource_type = ec2::FlowLogsResourceType::vpc,
                            .tags = {{"Name", settings.word()}},
                            .traffic_type = settings.replaced() ? ec2::TrafficType::reject : ec2::TrafficType::all}};
    if (settings.less()) return;

    const ec2::NatGateway nat{stack, "nat", {.allocation_id = address.id(), .subnet_id = subnet.id(), .tags = {{"Name", settings.word()}}}};
    const ec2::VpcEndpoint endpoint{
        stack,
        "endpoint",
        {.service_name = settings.replaced() ? "com.amazonaws.ca-central-1.dynamodb" : "com.amazonaws.ca-central-1.s3",
         .tags = {{"Name", settings.word()}},
         .vpc_endpoint_type = ec2::VpcEndpointType::gateway,
         .vpc_id = vpc.id()}};
}

}  // namespace every_type
