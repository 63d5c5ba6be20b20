"""Rate limits of AWS: token buckets of (size, refill per second), per account and region.

The first row that matches decides. Where the group is "", each operation has a bucket of its own;
else all operations of the group share one. Services without a row are not limited, because AWS
publishes no figure for them; rows marked "measured" come from the reports of other tools.

Sources
  EC2      https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
  ECS      https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
  Lambda   https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  API Gateway  https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  Route 53 https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
  States   https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  Tagging  https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.md
  DynamoDB https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-control-plane.html
  S3       https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
  IAM, WAF, CloudFront  measured: github.com/turbot/steampipe-plugin-aws aws/plugin.go
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Limit(NamedTuple):
    service: str
    operations: str  # a regular expression for the whole operation name
    group: str
    size: float
    refill: float


READ = "(Describe|Get|List|Search).*"

LIMITS = [
    Limit("ec2", "(Create|Modify)VpcEndpoint|DeleteVpcEndpoints", "", 4, 0.3),
    Limit("ec2", "CreateNatGateway", "", 10, 1),
    Limit("ec2", "CreateTags|DeleteTags", "", 100, 10),
    Limit("ec2", "CreateNetworkInterface|CreateVolume|CreateLaunchTemplateVersion", "", 100, 5),
    Limit("ec2", "RunInstances", "", 5, 2),
    Limit("ec2", "TerminateInstances", "", 100, 5),
    Limit("ec2", READ, "", 100, 20),
    Limit("ec2", ".*", "", 50, 5),
    Limit("ecs", "DescribeServices|ListServices", "service reads", 100, 20),
    Limit("ecs", "(Create|Update|Delete)Service", "service writes", 50, 5),
    Limit("ecs", "RegisterTaskDefinition", "", 20, 1),
    Limit("ecs", "CreateCluster", "", 20, 1),
    Limit("ecs", "(Describe|List)Clusters?", "cluster reads", 50, 20),
    Limit("ecs", "(Describe|List)TaskDefinition.*", "task definition reads", 50, 20),
    Limit("ecs", "ListTagsForResource", "", 50, 20),
    Limit("ecs", ".*", "", 50, 5),
    Limit("lambda", "GetFunction", "", 100, 100),
    Limit("lambda", "GetPolicy", "", 15, 15),
    Limit("lambda", "Invoke.*", "", 10_000, 10_000),
    Limit("lambda", ".*", "control plane", 15, 15),
    Limit("apigateway", ".*", "control plane", 40, 10),
    Limit("apigatewayv2", ".*", "control plane", 40, 10),
    Limit("route53", ".*", "all", 50, 10),
    Limit("stepfunctions", "DescribeStateMachine", "", 200, 20),
    Limit("stepfunctions", "ListStateMachines", "", 100, 5),
    Limit("stepfunctions", "(Create|Update|Delete)StateMachine|ListTagsForResource", "", 100, 1),
    Limit("resourcegroupstaggingapi", "GetResources", "", 15, 15),
    Limit("dynamodb", "(Create|Update|Delete|Describe|List|Tag|Untag).*", "control", 2500, 2500),
    Limit("kinesis", "DescribeStream", "", 10, 10),
    Limit("kinesis", "DescribeStreamSummary", "", 20, 20),
    Limit("kinesis", "ListStreams", "", 5, 5),
    Limit("wafv2", "(Get|List).*", "", 5, 5),
    Limit("service-quotas", "(Get|List).*", "", 10, 5),
    Limit("cloudfront", ".*", "all", 10, 5),
    Limit("iam", "GetRole|ListRolePolicies|ListAttachedRolePolicies", "", 15, 15),
    Limit("iam", "GetPolicy|GetPolicyVersion", "", 35, 35),
    Limit("iam", ".*", "", 15, 15),
    Limit("s3", "(Get|Head)Object.*", "object reads", 5500, 5500),
    Limit("s3", "(Put|Delete|Copy)Object.*|.*Upload.*", "object writes", 3500, 3500),
]


@cache
def limit_of(service: str, operation: str) -> Limit | None:
    """The row for an operation, None where it is not limited."""
    for limit in LIMITS:
        if limit.service == service and re.fullmatch(limit.operations, operation):
            return limit
    return None
