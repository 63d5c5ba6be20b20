#include "components/network.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "components/mistake.hpp"
#include "components/policy_document.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/logs.hpp"
#include "providers/aws/s3.hpp"

namespace components {

namespace ec2 = strata::aws::ec2;
namespace s3 = strata::aws::s3;

namespace {

// A sixteenth of the network for each subnet, public ones in its first half and private ones in its second: in a /16 each
// has 4,091 usable addresses. AWS takes networks of /16 to /28 (Amazon VPC User Guide, "VPC CIDR blocks").
constexpr int bits_of_subnet_index = 4;
constexpr int subnets_of_a_kind = 8;
constexpr int shortest_prefix = 16;
constexpr int longest_prefix = 20;

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

ec2::FlowLogArgs flow_log_of(const ec2::Vpc& vpc) {
    return {.max_aggregation_interval = 60,
            .resource_id = vpc.id(),
            .resource_type = ec2::FlowLogsResourceType::vpc,
            .tags = {{"Name", "flow-logs"}},
            .traffic_type = ec2::TrafficType::all};
}

/// Who may deliver flow logs to a bucket (Amazon VPC User Guide, "Amazon S3 bucket permissions for flow logs"), by TLS only.
strata::Output<std::string> flow_log_delivery(const strata::Scope& scope, const s3::Bucket& bucket) {
    const auto& environment = scope.environment();
    const auto from_here = Condition{
        "ArnLike", "aws:SourceArn", {fmt::format("arn:{}:logs:{}:{}:*", environment.partition, environment.region, environment.account)}};
    const auto for_us = Condition{"StringEquals", "aws:SourceAccount", {environment.account}};
    return policy_document(scope, {{.actions = {"s3:PutObject"},
                                    .conditions = {for_us, {"StringEquals", "s3:x-amz-acl", {"bucket-owner-full-control"}}, from_here},
                                    .principals = {{"Service", {"delivery.logs.amazonaws.com"}}},
                                    .resources = {strata::concat({bucket.arn(), "/AWSLogs/" + environment.account + "/*"})},
                                    .sid = "Deliver"},
                                   {.actions = {"s3:GetBucketAcl"},
                                    .conditions = {for_us, from_here},
                                    .principals = {{"Service", {"delivery.logs.amazonaws.com"}}},
                                    .resources = {bucket.arn()},
                                    .sid = "LookBeforeDelivery"},
                                   {.actions = {"s3:*"},
                                    .conditions = {{"Bool", "aws:SecureTransport", {"false"}}},
                                    .deny = true,
                                    .principals = {{"*", {}}},
                                    .resources = {bucket.arn(), strata::concat({bucket.arn(), "/*"})},
                                    .sid = "TlsOnly"}});
}

/// Takes flow logs, keeps them for so many days, and is closed to everybody but the service that delivers them.
s3::Bucket flow_log_bucket(const strata::Scope& scope, int days) {
    const s3::Bucket bucket{
        scope,
        "flow-log-bucket",
        {.encryption = s3::ServerSideEncryptionConfiguration{.rules = {s3::ServerSideEncryptionRule{
                                                                 .apply_server_side_encryption_by_default =
                                                                     s3::ServerSideEncryptionByDefault{
                                                                         .sse_algorithm = s3::ServerSideEncryption::aes256},
                                                                 .bucket_key_enabled = false}}},
         .lifecycle = s3::BucketLifecycleConfiguration{.rules = {s3::LifecycleRule{.expiration = s3::LifecycleExpiration{.days = days},
                                                                                   .filter = s3::LifecycleRuleFilter{.prefix = ""},
                                                                                   .id = "keep",
                                                                                   .status = s3::ExpirationStatus::enabled}}},
         .ownership =
             s3::OwnershipControls{.rules = {s3::OwnershipControlsRule{.object_ownership = s3::ObjectOwnership::bucket_owner_enforced}}},
         .public_access_block = s3::PublicAccessBlockConfiguration{
             .block_public_acls = true, .block_public_policy = true, .ignore_public_acls = true, .restrict_public_buckets = true}}};
    bucket.contribute(scope, "Policy", strata::Input<std::string>{flow_log_delivery(scope, bucket)}.declared());
    return bucket;
}

}  // namespace

Network::Network(const strata::Scope& scope, std::string_view name, const NetworkArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)},
      vpc{*this,
          "vpc",
          {.cidr_block = args.cidr, .enable_dns_hostnames = true, .enable_dns_support = true, .tags = {{"Name", std::string{name}}}}},
      groups{groups_in(*this, vpc)} {
    check(args);
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

void Network::check(const NetworkArgs& args) const {
    const auto bits = network_bits(args.cidr);
    if (!bits || *bits < shortest_prefix || *bits > longest_prefix)
        mistake(*this, fmt::format("cidr \"{}\" is no IPv4 network of /{} to /{}.", args.cidr, shortest_prefix, longest_prefix),
                "Give one like \"10.0.0.0/16\".");
    const auto known = static_cast<int>(environment().zones.size());
    const auto most = std::min(known, subnets_of_a_kind);
    if (args.zones < 1 || args.zones > most)
        mistake(*this, fmt::format("zones is {}, but {} has {} that can be used.", args.zones, environment().region, most),
                fmt::format("Use 1 to {}, or name more zones in the environment.", most));
}

void Network::add_subnets(const NetworkArgs& args) {
    const auto subnet_bits = network_bits(args.cidr).value_or(shortest_prefix) + bits_of_subnet_index;
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
                                  .cidr_block = subnet_of(args.cidr, subnet_bits, i + subnets_of_a_kind),
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

void Network::add_flow_logs(const NetworkArgs& args) const {
    switch (args.flow_logs) {
        case FlowLogTarget::off: return;
        case FlowLogTarget::s3: return log_flows_to_s3(args);
        case FlowLogTarget::logs: return log_flows_to_cloudwatch(args);
    }
}

void Network::log_flows_to_s3(const NetworkArgs& args) const {
    auto flow = flow_log_of(vpc);
    flow.log_destination_type = ec2::LogDestinationType::s3;
    if (args.flow_log_bucket_arn) {
        flow.log_destination = *args.flow_log_bucket_arn;
        ec2::FlowLog{*this, "flow-logs", flow};
        return;
    }
    const auto bucket = flow_log_bucket(*this, args.flow_log_days);
    flow.log_destination = bucket.arn();
    // Only once its policy lets the service deliver.
    ec2::FlowLog{*this, "flow-logs", flow, {.depends_on = {bucket}}};
}

void Network::log_flows_to_cloudwatch(const NetworkArgs& args) const {
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
    auto flow = flow_log_of(vpc);
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

namespace {

struct Ipv4Network {
    std::uint32_t address = 0;
    int bits = 0;
};

/// The number that `text` is, wholly; empty when it is none of `least` to `most`.
std::optional<int> number_in(std::string_view text, int least, int most) {
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failure == std::errc{} && end == text.data() + text.size();
    return whole && number >= least && number <= most ? std::optional{number} : std::nullopt;
}

std::optional<Ipv4Network> parsed(const std::string& cidr) {
    const auto slash = cidr.find('/');
    if (slash == std::string::npos) return std::nullopt;
    const auto bits = number_in(std::string_view{cidr}.substr(slash + 1), 0, 32);
    const auto parts = strata::split(cidr.substr(0, slash), '.');
    if (!bits || parts.size() != 4) return std::nullopt;
    Ipv4Network network{.address = 0, .bits = *bits};
    for (const auto& part : parts) {
        const auto byte = number_in(part, 0, 255);
        if (!byte) return std::nullopt;
        network.address = (network.address << 8U) | static_cast<std::uint32_t>(*byte);
    }
    return network;
}

}  // namespace

std::optional<int> network_bits(const std::string& cidr) {
    const auto network = parsed(cidr);
    return network ? std::optional{network->bits} : std::nullopt;
}

std::string subnet_of(const std::string& cidr, int prefix, int index) {
    const auto network = parsed(cidr);
    if (!network || prefix < network->bits || prefix > 32 || index < 0) return {};
    if (static_cast<std::uint64_t>(index) >= std::uint64_t{1} << static_cast<unsigned>(prefix - network->bits)) return {};
    const auto kept = network->bits == 0 ? 0U : ~0U << static_cast<unsigned>(32 - network->bits);
    const auto shift = static_cast<unsigned>(32 - prefix);
    const auto address = (network->address & kept) + static_cast<std::uint32_t>(static_cast<std::uint64_t>(index) << shift);
    return fmt::format("{}.{}.{}.{}/{}", address >> 24U, (address >> 16U) & 255U, (address >> 8U) & 255U, address & 255U, prefix);
}

}  // namespace components
