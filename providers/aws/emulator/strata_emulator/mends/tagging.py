"""The tagging API: types that moto leaves out of GetResources, and the ARNs of flow logs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from strata_emulator.call import Call, backend, partition
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

Resource = tuple[str, str, dict[str, str]]

WITHOUT_ARNS = (
    "PaginationToken", "ResourceTypeFilters", "ResourcesPerPage", "TagFilters", "TagsPerPage",
)  # fmt: skip


@before("resourcegroupstaggingapi", "GetResources")
def refuse_filters_beside_arns(call: Call) -> None:
    if not call.params.get("ResourceARNList"):
        return
    for name in WITHOUT_ARNS:
        if call.params.get(name):
            raise AwsError(
                "InvalidParameterException",
                f"You can't specify both ResourceARNList and {name} in the same request.",
            )


_get_in_pages = ResourceGroupsTaggingAPIBackend.get_resources


def _get_resources(self: ResourceGroupsTaggingAPIBackend, **wanted: Any) -> tuple[str | None, list]:
    """A list of ARNs is answered at once; moto pages it."""
    if wanted.get("resource_arn_list"):
        wanted |= {"resources_per_page": sys.maxsize, "tags_per_page": sys.maxsize}
    return _get_in_pages(self, **wanted)


ResourceGroupsTaggingAPIBackend.get_resources = _get_resources


@after("resourcegroupstaggingapi", "GetResources")
def add_missing_types(call: Call, result: dict[str, Any]) -> None:
    """They stand on the last page."""
    found = result.setdefault("ResourceTagMappingList", [])
    for shown in found:
        shown["ResourceARN"] = shown["ResourceARN"].replace(":flow-logs/", ":vpc-flow-log/")
    if result.get("PaginationToken"):
        return
    for kind, arn, tags in _missing(call):
        if tags and _is_wanted(call, kind, arn, tags):
            listed = [{"Key": key, "Value": value} for key, value in tags.items()]
            found.append({"ResourceARN": arn, "Tags": listed})


def _missing(call: Call) -> Iterator[Resource]:
    place = f"{call.region}:{call.account}"
    root = f"arn:{partition(call.region)}"
    ec2 = backend("ec2", call.account, call.region)
    named = {
        "elastic-ip": [address.allocation_id for address in ec2.addresses],
        "vpc-endpoint": list(ec2.vpc_end_points),
        "network-acl": list(ec2.network_acls),
    }
    for kind, names in named.items():
        for name in names:
            yield f"ec2:{kind}", f"{root}:ec2:{place}:{kind}/{name}", dict(ec2.tags.get(name, {}))
    ecr = backend("ecr", call.account, call.region)
    for repository in ecr.repositories.values():
        tags = ecr.tagger.get_tag_dict_for_resource(repository.arn)
        yield "ecr:repository", repository.arn, tags
    rds = backend("rds", call.account, call.region)
    for kind, groups in (("subgrp", rds.subnet_groups), ("pg", rds.db_parameter_groups)):
        for group in groups.values():
            arn = f"{root}:rds:{place}:{kind}:{group.name}"
            yield f"rds:{kind}", arn, {tag["Key"]: tag["Value"] for tag in group.tags or []}


def _is_wanted(call: Call, kind: str, arn: str, tags: dict[str, str]) -> bool:
    kinds = call.params.get("ResourceTypeFilters")
    arns = call.params.get("ResourceARNList")
    if kinds and kind not in kinds and kind.split(":")[0] not in kinds:
        return False
    if arns and arn not in arns:
        return False
    return all(
        item["Key"] in tags and (not item.get("Values") or tags[item["Key"]] in item["Values"])
        for item in call.params.get("TagFilters") or []
    )
