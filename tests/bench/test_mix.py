"""What a look at 250 mixed resources costs: the requests of the real binary, counted by the emulator (bench/mix.cpp says what the mix is)."""

import collections

import pytest
from mix import MixFolder

# What must be asked for one by one, for each of ten datasets: there is no call that takes several.
ONE_BY_ONE = [
    "dynamodb:DescribeTable",
    "ecs:DescribeTaskDefinition",
    "glue:GetTables",  # a call for each database
    "iam:ListPolicyTags",
    "s3:GetBucketEncryption",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketVersioning",
    "s3:GetPublicAccessBlock",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sqs:GetQueueAttributes",
]
TOGETHER = {
    "cloudwatch:DescribeAlarms": 1,
    "ec2:DescribeInternetGateways": 1,
    "ec2:DescribeRouteTables": 1,
    "ec2:DescribeSecurityGroups": 1,
    "ec2:DescribeSubnets": 1,
    "ec2:DescribeVpcAttribute": 2,
    "ec2:DescribeVpcs": 1,
    "glue:BatchGetJobs": 1,
    "glue:GetDatabases": 1,
    "iam:GetAccountAuthorizationDetails": 2,
    "iam:ListRoles": 1,
    "logs:DescribeLogGroups": 1,
    "resourcegroupstaggingapi:GetResources": 2,
    "s3:ListBuckets": 1,
    "ssm:DescribeParameters": 1,
    "ssm:GetParameters": 2,
    "sts:GetCallerIdentity": 1,
}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    made = MixFolder(tmp_path_factory.mktemp("mix"))
    yield made
    made.stop()


def test_the_first_deployment_of_250_resources_takes_251_mutating_requests(deployed):
    cost = deployed.cost("up", "--yes")

    # Both rules of a group go in one call (10 fewer); a log group's retention (10) and the gateway's attachment (1) take one of their own.
    assert cost.mutating == 250 - 10 + 10 + 1


def test_a_live_preview_of_250_resources_takes_131_requests(deployed):
    before = len(deployed.calls())

    deployed.cost("preview")

    calls = deployed.calls()[before:]
    asked = collections.Counter(f"{call['service']}:{call['operation']}" for call in calls)
    assert asked == TOGETHER | dict.fromkeys(ONE_BY_ONE, 10)
    assert len(calls) == 131 and not any(call["mutating"] for call in calls)
