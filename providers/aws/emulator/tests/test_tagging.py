"""The tagging API finds every type that it finds on AWS."""

from __future__ import annotations

import pytest

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
