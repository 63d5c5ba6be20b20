#include "components/network.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "components/policy_document.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/logs.hpp"

namespace components {

namespace ec2 = strata::aws::ec2;

namespace {

constexpr int subnet_bits = 20;  // 4,091 usable addresses a subnet, and room for 16 subnets in a /16

ec2::SecurityGroup group(const strata::Scope& scope, const ec2::Vpc& vpc, const char* name, const char* about) {
    return {
        scope, name, {.description = about, .egress = strata::none, .ingress = strata::none, .tags = {{"Name", name}}, .vpc_id = vpc.id()}};
}

Network::Groups groups_in(const strata::Scope& scope, const ec2::Vpc& vpc) {
    return {.alb = group(scope, vpc, "alb-group", "Load balancer in front of the Prefect server"),
            .server = group(scope, vpc, "server-group", "Prefect server"),
            .workers = group(scope, vpc, "workers-group", "Prefect workers"),
            .tasks = group(scope, vpc, "tasks-group", "One-off tasks: ingestion and dbt"),
            .database = group(scope, vpc, "database-group", "PostgreSQL"),
            .files = group(scope, vpc, "files-group", "Shared files (EFS)"),
            .cache = group(scope, vpc, "cache-group", "Redis"),
            .endpoints = group(scope, vpc, "endpoints-group", "Interface endpoints of AWS services")};
}

/// "from may reach to on port": one rule on each side.
void let(const strata::Scope& scope, const ec2::SecurityGroup& from, const ec2::SecurityGroup& to, int port, const char* why) {
    const auto rule = [&](const ec2::SecurityGroup& other) {
        return strata::List<ec2::SecurityGroupRule>{ec2::SecurityGroupRule{
            .description = why, .from_port = port, .ip_protocol = "tcp", .referenced_group_id = other.id(), .to_port = port}};
    };
    to.contribute(scope, "Ingress", rule(from).declared());
    from.contribute(scope, "Egress", rule(to).declared());
}

void let_everyone(const strata::Scope& scope, const ec2::SecurityGroup& group, const char* side, int port, const char* why) {
    const strata::List<ec2::SecurityGroupRule> rules{
        ec2::SecurityGroupRule{.cidr_ipv4 = "0.0.0.0/0", .description = why, .from_port = port, .ip_protocol = "tcp", .to_port = port}};
    group.contribute(scope, side, rules.declared());
}

}  // namespace

Network::Network(const strata::Scope& scope, std::string_view name, const NetworkArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)},
      vpc{*this,
          "vpc",
          {.cidr_block = args.cidr, .enable_dns_hostnames = true, .enable_dns_support = true, .tags = {{"Name", std::string{name}}}}},
      groups{groups_in(*this, vpc)} {
    const auto& zones = environment().zones;
    for (int i = 0; i < args.zones && i < static_cast<int>(zones.size()); ++i)
        zone_letters_.push_back(zones[static_cast<std::size_t>(i)].substr(zones[static_cast<std::size_t>(i)].size() - 1));
    // The group that every network is born with lets its members reach each other: closed, because nothing uses it.
    ec2::DefaultSecurityGroup{*this, "default-group", {.egress = strata::none, .ingress = strata::none, .vpc_id = vpc.id()}};
    add_subnets(args);
    add_ways_out(args);
    add_endpoints(args);
    add_flow_logs(args);
    add_rules();
}

void Network::add_subnets(const NetworkArgs& args) {
    const auto count = static_cast<int>(zone_letters_.size());
    for (int i = 0; i < count; ++i) {
        const auto& zone = environment().zones[static_cast<std::size_t>(i)];
        const auto& letter = zone_letters_[static_cast<std::size_t>(i)];
        const ec2::Subnet open{*this,
                               "public-" + letter,
                               {.availability_zone = zone,
                                .cidr_block = subnet_of(args.cidr, subnet_bits, i),
                                .tags = {{"Name", "public-" + letter}},
                                .vpc_id = vpc.id()}};
        const ec2::Subnet closed{*this,
                                 "private-" + letter,
                                 {.availability_zone = zone,
                                  .cidr_block = subnet_of(args.cidr, subnet_bits, i + 8),
                                  .tags = {{"Name", "private-" + letter}},
                                  .vpc_id = vpc.id()}};
        public_subnets.push_back(open.id());
        private_subnets.push_back(closed.id());
    }
}

void Network::add_ways_out(const NetworkArgs& args) {
    const ec2::InternetGateway gateway{*this, "internet", {.tags = {{"Name", "internet"}}, .vpc_id = vpc.id()}};
    ec2::RouteTable{*this,
                    "public-routes",
                    {.associations = public_subnets,
                     .routes = {ec2::Route{.destination_cidr_block = "0.0.0.0/0", .gateway_id = gateway.id()}},
                     .tags = {{"Name", "public"}},
                     .vpc_id = vpc.id()}};
    std::vector<Text> gateways;
    const auto wanted = args.nat == NatPlacement::none ? 0U : args.nat == NatPlacement::single ? 1U : zone_letters_.size();
    for (std::size_t i = 0; i < wanted && i < zone_letters_.size(); ++i) {
        const ec2::Eip address{*this,
                               "nat-address-" + zone_letters_[i],
                               {.domain = ec2::DomainType::vpc, .tags = {{"Name", "nat-" + zone_letters_[i]}}},
                               {.depends_on = {gateway}}};
        const ec2::NatGateway nat{
            *this,
            "nat-" + zone_letters_[i],
            {.allocation_id = address.id(), .subnet_id = public_subnets[i], .tags = {{"Name", "nat-" + zone_letters_[i]}}},
            {.depends_on = {gateway}}};
        gateways.push_back(nat.id());
    }
    for (std::size_t i = 0; i < zone_letters_.size(); ++i) {
        ec2::RouteTableArgs table{
            .associations = {private_subnets[i]}, .tags = {{"Name", "private-" + zone_letters_[i]}}, .vpc_id = vpc.id()};
        if (!gateways.empty())
            table.routes = {
                ec2::Route{.destination_cidr_block = "0.0.0.0/0", .nat_gateway_id = gateways[std::min(i, gateways.size() - 1)]}};
        private_tables_.push_back(ec2::RouteTable{*this, "private-routes-" + zone_letters_[i], table}.id());
    }
}

void Network::add_endpoints(const NetworkArgs& args) {
    const auto service = [&](const std::string& part) { return fmt::format("com.amazonaws.{}.{}", environment().region, part); };
    for (const auto& part : args.gateway_endpoints)
        ec2::VpcEndpoint{*this,
                         part + "-endpoint",
                         {.route_table_ids = private_tables_,
                          .service_name = service(part),
                          .tags = {{"Name", part}},
                          .vpc_endpoint_type = ec2::VpcEndpointType::gateway,
                          .vpc_id = vpc.id()}};
    for (const auto& part : args.interface_endpoints) {
        auto name = part;
        std::ranges::replace(name, '.', '-');
        ec2::VpcEndpoint{*this,
                         name + "-endpoint",
                         {.private_dns_enabled = true,
                          .security_group_ids = {groups.endpoints.id()},
                          .service_name = service(part),
                          .subnet_ids = private_subnets,
                          .tags = {{"Name", part}},
                          .vpc_endpoint_type = ec2::VpcEndpointType::interface,
                          .vpc_id = vpc.id()}};
    }
}

void Network::add_flow_logs(const NetworkArgs& args) {
    if (args.flow_logs == FlowLogTarget::off) return;
    ec2::FlowLogArgs flow{.max_aggregation_interval = 60,
                          .resource_id = vpc.id(),
                          .resource_type = ec2::FlowLogsResourceType::vpc,
                          .tags = {{"Name", "flow-logs"}},
                          .traffic_type = ec2::TrafficType::all};
    if (args.flow_logs == FlowLogTarget::s3) {
        flow.log_destination = *args.flow_log_bucket_arn;
        flow.log_destination_type = ec2::LogDestinationType::s3;
        ec2::FlowLog{*this, "flow-logs", flow};
        return;
    }
    const strata::aws::logs::LogGroup group{
        *this,
        "flow-log-group",
        {.log_group_name = fmt::format("/{}/{}/flow-logs", environment().name, stack().name()), .retention_in_days = args.flow_log_days}};
    const strata::aws::iam::Role role{
        *this,
        "flow-log-role",
        {.assume_role_policy_document = trusted_by_services(*this, {"vpc-flow-logs.amazonaws.com"}),
         .policies = {
             {"write", policy_document(*this, {{.actions = {"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"},
                                                .resources = {strata::concat({group.arn(), ":*"})}}})}}}};
    flow.deliver_logs_permission_arn = role.arn();
    flow.log_destination_type = ec2::LogDestinationType::cloud_watch_logs;
    flow.log_group_name = group.name();
    ec2::FlowLog{*this, "flow-logs", flow};
}

void Network::add_rules() const {
    constexpr int https = 443;
    constexpr int prefect = 4200;
    constexpr int postgresql = 5432;
    constexpr int nfs = 2049;
    constexpr int redis = 6379;
    let_everyone(*this, groups.alb, "Ingress", https, "HTTPS from anywhere");
    let_everyone(*this, groups.alb, "Ingress", 80, "HTTP, redirected to HTTPS");
    let(*this, groups.alb, groups.server, prefect, "Prefect API");
    let(*this, groups.server, groups.database, postgresql, "Prefect's own database");
    let(*this, groups.server, groups.files, nfs, "shared files");
    let(*this, groups.server, groups.cache, redis, "message broker");
    for (const auto* client : {&groups.workers, &groups.tasks}) {
        let(*this, *client, groups.alb, https, "Prefect API");
        let(*this, *client, groups.database, postgresql, "staging and analytics");
        let(*this, *client, groups.files, nfs, "shared files");
    }
    for (const auto* client : {&groups.server, &groups.workers, &groups.tasks}) {
        let(*this, *client, groups.endpoints, https, "AWS services");
        let_everyone(*this, *client, "Egress", https, "sources and AWS services outside");
    }
}

std::string subnet_of(const std::string& cidr, int prefix, int index) {
    const auto slash = cidr.find('/');
    const auto parts = strata::split(cidr.substr(0, slash), '.');
    int bits = 32;
    if (slash != std::string::npos) std::from_chars(cidr.data() + slash + 1, cidr.data() + cidr.size(), bits);
    if (parts.size() != 4 || prefix < bits || prefix > 32 || (prefix - bits < 31 && index >= (1 << (prefix - bits)))) return {};
    std::uint32_t address = 0;
    for (const auto& part : parts) {
        std::uint32_t byte = 0;
        std::from_chars(part.data(), part.data() + part.size(), byte);
        address = (address << 8U) | byte;
    }
    address += static_cast<std::uint32_t>(index) << static_cast<unsigned>(32 - prefix);
    return fmt::format("{}.{}.{}.{}/{}", address >> 24U, (address >> 16U) & 255U, (address >> 8U) & 255U, address & 255U, prefix);
}

}  // namespace components
