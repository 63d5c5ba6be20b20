#include "providers/aws/client/limits.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

struct Row {
    std::string_view service;
    std::string_view operations;  ///< a name, or a glob
    std::string_view group;       ///< empty: every operation by itself
    double capacity;
    double per_second;
};

// The first row that fits counts. Capacity and refill as AWS publishes them, for each account and region:
// EC2: devguide "ec2-api-throttling"; ECS: APIReference "request-throttling"; Lambda: "gettingstarted-limits";
// API Gateway, Route 53, Step Functions: "limits" of their guides; tagging API: user guide "reference";
// Kinesis, WAF and CloudFront: what turbot/steampipe-plugin-aws settled on.
constexpr std::array rows = {
    Row{"ec2", "CreateVpcEndpoint", "vpc-endpoints", 4, 0.3},
    Row{"ec2", "ModifyVpcEndpoint", "vpc-endpoints", 4, 0.3},
    Row{"ec2", "DeleteVpcEndpoints", "vpc-endpoints", 4, 0.3},
    Row{"ec2", "CreateNatGateway", "", 10, 1},
    Row{"ec2", "RunInstances", "", 5, 2},
    Row{"ec2", "TerminateInstances", "", 100, 5},
    Row{"ec2", "CreateTags", "", 100, 10},
    Row{"ec2", "DeleteTags", "", 100, 10},
    Row{"ec2", "CreateNetworkInterface", "", 100, 5},
    Row{"ec2", "CreateVolume", "", 100, 5},
    Row{"ec2", "CreateLaunchTemplateVersion", "", 100, 5},
    Row{"ec2", "Describe*", "", 100, 20},
    Row{"ec2", "Get*", "", 100, 20},
    Row{"ec2", "List*", "", 100, 20},
    Row{"ec2", "Search*", "", 100, 20},
    Row{"ec2", "*", "", 50, 5},
    Row{"ecs", "DescribeServices", "services-read", 100, 20},
    Row{"ecs", "ListServices*", "services-read", 100, 20},
    Row{"ecs", "CreateService", "services-write", 50, 5},
    Row{"ecs", "UpdateService", "services-write", 50, 5},
    Row{"ecs", "DeleteService", "services-write", 50, 5},
    Row{"ecs", "RegisterTaskDefinition", "", 20, 1},
    Row{"ecs", "CreateCluster", "", 20, 1},
    Row{"ecs", "*TaskDefinition*", "task-definitions", 50, 20},
    Row{"ecs", "*Cluster*", "clusters", 50, 20},
    Row{"ecs", "*CapacityProvider*", "capacity-providers", 50, 20},
    Row{"ecs", "*Tag*", "tags", 50, 20},
    Row{"lambda", "GetFunction", "", 100, 100},
    Row{"lambda", "GetPolicy", "", 15, 15},
    Row{"lambda", "Invoke*", "", 1000, 1000},
    Row{"lambda", "*", "control", 15, 15},
    Row{"apigateway", "CreateRestApi", "", 1, 0.333},
    Row{"apigateway", "CreateDeployment", "", 1, 0.2},
    Row{"apigateway", "CreateResource", "", 5, 5},
    Row{"apigateway", "*", "control", 40, 10},
    Row{"apigatewayv2", "*", "control", 40, 10},
    Row{"route53", "CreateHostedZone", "", 40, 2},
    Row{"route53", "CreateHealthCheck", "", 50, 0.5},
    Row{"route53", "*", "all", 50, 10},
    Row{"stepfunctions", "DescribeStateMachine", "", 200, 20},
    Row{"stepfunctions", "ListStateMachines", "", 100, 5},
    Row{"stepfunctions", "CreateStateMachine", "", 100, 1},
    Row{"stepfunctions", "UpdateStateMachine", "", 100, 1},
    Row{"stepfunctions", "ListTagsForResource", "", 100, 1},
    Row{"resourcegroupstaggingapi", "GetResources", "", 15, 15},
    Row{"kinesis", "DescribeStream", "", 10, 10},
    Row{"kinesis", "DescribeStreamSummary", "", 20, 20},
    Row{"kinesis", "ListStreams", "", 5, 5},
    Row{"wafv2", "Get*", "read", 5, 5},
    Row{"wafv2", "List*", "read", 5, 5},
    Row{"cloudfront", "*", "all", 10, 5},
    Row{"service-quotas", "*", "all", 10, 5},
};

}  // namespace

ApiGroup api_group(const Service& service, const Operation& operation) {
    const auto* const row = std::ranges::find_if(rows, [&](const Row& candidate) {
        return candidate.service == service.name && matches_glob(candidate.operations, operation.name);
    });
    if (row != rows.end())
        return {.name = fmt::format("{}:{}", service.name, row->group.empty() ? operation.name : row->group),
                .published = wire::Rate{.capacity = row->capacity, .per_second = row->per_second}};
    return {.name = fmt::format("{}:{}", service.name, is_read_only(operation) ? "read" : "change")};
}

}  // namespace strata::aws
