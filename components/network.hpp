#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/stack.hpp"
#include "providers/aws/ec2.hpp"

namespace components {

enum class NatPlacement { none, single, per_zone };
enum class FlowLogTarget { off, s3, logs };

struct NetworkArgs {
    std::string cidr;  ///< of the VPC, /16 to /20: "10.0.0.0/16"
    int zones = 2;     ///< how many of the environment's zones are used
    NatPlacement nat = NatPlacement::single;
    std::vector<std::string> gateway_endpoints = {};    ///< "s3", "dynamodb"
    std::vector<std::string> interface_endpoints = {};  ///< "ecr.api", "logs"
    FlowLogTarget flow_logs = FlowLogTarget::off;
    int flow_log_days = 30;
    std::optional<strata::Output<std::string>> flow_log_bucket_arn = {};  ///< with FlowLogTarget::s3; none: a bucket of its own
};

/// A VPC with a public and a private subnet in each zone, ways in and out, endpoints of AWS services, flow logs, and
/// the security groups of everything that lives in it. The groups' rules name each other, never addresses.
class Network : public strata::Component {
public:
    using Text = strata::Output<std::string>;

    Network(const strata::Scope& scope, std::string_view name, const NetworkArgs& args, strata::Options options = {});

    /// Security groups, by what stands behind them.
    struct Groups {
        strata::aws::ec2::SecurityGroup alb;
        strata::aws::ec2::SecurityGroup server;
        strata::aws::ec2::SecurityGroup workers;
        strata::aws::ec2::SecurityGroup tasks;
        strata::aws::ec2::SecurityGroup database;
        strata::aws::ec2::SecurityGroup files;
        strata::aws::ec2::SecurityGroup cache;
        strata::aws::ec2::SecurityGroup endpoints;
    };

    strata::aws::ec2::Vpc vpc;
    Groups groups;
    std::vector<Text> public_subnets;  ///< ids, in the order of the zones
    std::vector<Text> private_subnets;

private:
    void add_subnets(const NetworkArgs& args);
    void add_ways_out(const NetworkArgs& args);
    void add_endpoints(const NetworkArgs& args);
    void check(const NetworkArgs& args) const;
    void add_flow_logs(const NetworkArgs& args) const;
    void log_flows_to_s3(const NetworkArgs& args) const;
    void log_flows_to_cloudwatch(const NetworkArgs& args) const;
    void add_rules() const;

    std::vector<std::string> zone_letters_;
    std::vector<Text> private_tables_;  ///< ids of the private route tables
};

/// How many bits of an IPv4 network's address are fixed: 16 of "10.0.0.0/16". Empty when `cidr` is none.
std::optional<int> network_bits(const std::string& cidr);

/// The `index`-th network of `prefix` bits inside `cidr`: ("10.0.0.0/16", 20, 1) -> "10.0.16.0/20".
/// Empty when `cidr` is no IPv4 network or has no room for it.
std::string subnet_of(const std::string& cidr, int prefix, int index);

}  // namespace components
