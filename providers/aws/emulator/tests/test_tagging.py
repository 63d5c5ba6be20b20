"""The tagging API finds every type that it finds on AWS."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

TAGS = [{"Key": "stack", "Value": "x"}]


def test_all_types_are_found_by_their_tags(aws, account):
    ec2 = aws("ec2")

    def spec(kind: str) -> dict:
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": TAGS}]}

    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", **spec("vpc"))["Vpc"]["VpcId"]
    address = ec2.allocate_address(**spec("elastic-ip"))["AllocationId"]
    acl = ec2.create_network_acl(VpcId=vpc, **spec("network-acl"))["NetworkAcl"]["NetworkAclId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3", **spec("vpc-endpoint")
    )["VpcEndpoint"]["VpcEndpointId"]
    aws("ecr").create_repository(repositoryName="repo", tags=TAGS)
    aws("rds").create_db_parameter_group(
        DBParameterGroupName="p", DBParameterGroupFamily="postgres17", Description="d", Tags=TAGS
    )
    found = aws("resourcegroupstaggingapi").get_resources(
        TagFilters=[{"Key": "stack", "Values": ["x"]}]
    )["ResourceTagMappingList"]
    place = f"eu-west-1:{account}"
    assert {item["ResourceARN"] for item in found} == {
        f"arn:aws:ec2:{place}:vpc/{vpc}",
        f"arn:aws:ec2:{place}:elastic-ip/{address}",
        f"arn:aws:ec2:{place}:network-acl/{acl}",
        f"arn:aws:ec2:{place}:vpc-endpoint/{endpoint}",
        f"arn:aws:ecr:{place}:repository/repo",
        f"arn:aws:rds:{place}:pg:p",
    }


@pytest.mark.parametrize("kinds", [["ec2"], ["ec2:elastic-ip"]])
def test_types_are_selected(aws, kinds):
    spec = [{"ResourceType": "elastic-ip", "Tags": TAGS}]
    aws("ec2").allocate_address(TagSpecifications=spec)
    tagging = aws("resourcegroupstaggingapi")
    assert len(tagging.get_resources(ResourceTypeFilters=kinds)["ResourceTagMappingList"]) == 1
    none = tagging.get_resources(ResourceTypeFilters=["ecr"])["ResourceTagMappingList"]
    assert none == []


def test_a_list_of_arns_is_answered_in_one_page(aws):
    tags = [{"Key": f"key-{number}", "Value": "x"} for number in range(5)]
    spec = [{"ResourceType": "elastic-ip", "Tags": tags}]
    names = [aws("ec2").allocate_address(TagSpecifications=spec)["AllocationId"] for _ in range(3)]
    for number in range(60):
        aws("sqs").create_queue(QueueName=f"queue-{number}", tags={tag["Key"]: "x" for tag in tags})
    tagging = aws("resourcegroupstaggingapi")
    every = [
        item["ResourceARN"]
        for page in tagging.get_paginator("get_resources").paginate()
        for item in page["ResourceTagMappingList"]
    ]
    answer = tagging.get_resources(ResourceARNList=every)

    assert len(every) == len(names) + 60
    assert sorted(item["ResourceARN"] for item in answer["ResourceTagMappingList"]) == sorted(every)
    assert not answer.get("PaginationToken")


@pytest.mark.parametrize("also", [{"TagFilters": [{"Key": "a"}]}, {"ResourcesPerPage": 10}])
def test_a_list_of_arns_goes_with_nothing_else(aws, also):
    with pytest.raises(ClientError) as refusal:
        aws("resourcegroupstaggingapi").get_resources(ResourceARNList=["arn:aws:sqs:::q"], **also)
    assert refusal.value.response["Error"]["Code"] == "InvalidParameterException"
