"""What "not found" looks like in each service, for the fault that hides fresh objects."""

from __future__ import annotations

import re
from typing import Any

from strata_emulator import wire
from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.faults import Hidden, texts
from strata_emulator.http1 import HttpResponse

# Parameters that say what things must be like, not which one is meant: their answer is a list.
FILTERS = {"Filter", "Filters", "TagFilters"}
EC2_CODES = {
    "vpc": "InvalidVpcID.NotFound",
    "subnet": "InvalidSubnetID.NotFound",
    "igw": "InvalidInternetGatewayID.NotFound",
    "nat": "NatGatewayNotFound",
    "eipalloc": "InvalidAllocationID.NotFound",
    "rtb": "InvalidRouteTableID.NotFound",
    "sg": "InvalidGroup.NotFound",
    "sgr": "InvalidSecurityGroupRuleId.NotFound",
    "vpce": "InvalidVpcEndpointId.NotFound",
    "fl": "InvalidFlowLogId.NotFound",
    "acl": "InvalidNetworkAclID.NotFound",
}
CODES = {
    "cloudwatch": ("ResourceNotFound", 404),
    "ecr": ("RepositoryNotFoundException", 400),
    "glue": ("EntityNotFoundException", 400),
    "iam": ("NoSuchEntity", 404),
    "kms": ("NotFoundException", 400),
    "rds": ("DBInstanceNotFound", 404),
    "s3": ("NoSuchBucket", 404),
    "sns": ("NotFound", 404),
    "sqs": ("AWS.SimpleQueueService.NonExistentQueue", 400),
    "ssm": ("ParameterNotFound", 400),
}
EC2_ID = re.compile(r"^([a-z]+)-[0-9a-f]{8,17}$")
NAME_PARAMS = re.compile(r"(Name|Identifier|Bucket|Key|name|family)$")


def not_found(call: Call, name: str) -> AwsError:
    """The service's own error for an object that is not there."""
    message = f"{name} does not exist"
    if call.service == "ec2":
        found = EC2_ID.match(name)
        return AwsError(EC2_CODES.get(found.group(1) if found else "", "InvalidID"), message)
    if call.service == "s3" and call.params.get("Key"):
        return AwsError("NoSuchKey", message, 404)
    code, status = CODES.get(call.service, ("ResourceNotFoundException", 400))
    return AwsError(code, message, status)


def name_asked_for(call: Call, hidden: list[Hidden]) -> str:
    """The name of a hidden thing that the call asks for as the one it means; '' when there is none.

    Who asks for many by name gets an answer without it, but from EC2 and ECR, which refuse.
    """
    if not hidden:
        return ""
    strict = call.service in ("ec2", "ecr")
    params = {name: value for name, value in call.params.items() if name not in FILTERS}
    asked = texts(params) if strict else single_texts(params)
    return next((name for thing in hidden for name in sorted(thing.names & asked)), "")


def single_texts(params: dict[str, Any]) -> set[str]:
    """The texts of a tree of parameters that stand in no list."""
    inner = (single_texts(value) for value in params.values() if isinstance(value, dict))
    return {value for value in params.values() if isinstance(value, str)}.union(*inner)


def without(result: dict[str, Any], hidden: list[Hidden]) -> bool:
    """Takes hidden things out of the lists of an answer; says whether there were any."""
    changed = False
    for key, value in result.items():
        if isinstance(value, dict):
            changed |= without(value, hidden)
        if not isinstance(value, list):
            continue
        kept = [item for item in value if not any(_is_in(thing, key, item) for thing in hidden)]
        changed |= len(kept) < len(value)
        result[key] = kept
    return changed


def _is_in(thing: Hidden, key: str, item: Any) -> bool:
    """Whether that item of the list `key` is the hidden thing.

    Policies are in "Policies"; a role's "AttachedPolicies" shows what the role knows.
    """
    if key == "ResourceTagMappingList":
        arn = item["ResourceARN"]
        return arn in thing.names or re.split("[/:]", arn)[-1] in thing.names
    if not key.lower().startswith(thing.noun.removesuffix("y").lower()):
        return False
    values = item.values() if isinstance(item, dict) else [item]
    return any(isinstance(value, str) and value in thing.names for value in values)


def created_names(call: Call, response: HttpResponse) -> set[str]:
    """By what a later read may name the object that this call has made.

    For EC2 the one id that the answer holds first; elsewhere names from the parameters, and all
    ARNs and URLs of the answer that were not in the parameters.
    """
    decoded = wire.decode(call, response) if call.model.output_shape else {}
    decoded.pop("VersionId", None)  # of what the thing holds now
    answer = texts(decoded) - texts(call.params)
    if call.service == "ec2":
        kind = EC2_KINDS.get(call.operation, "")
        return {text for text in answer if kind and text.startswith(kind + "-")}
    holders = [call.params, *(v for n, v in call.params.items() if n.endswith("Input"))]
    names = {
        value
        for holder in holders
        for name, value in holder.items()
        if NAME_PARAMS.search(name) and isinstance(value, str) and not _is_parent(call, name)
    }
    return names | {text for text in answer if text.startswith(("arn:", "http")) or _is_id(text)}


def _is_parent(call: Call, name: str) -> bool:
    """Whether the parameter names what the new object lies in."""
    if name == "Bucket":
        return "Key" in call.params
    return name == "DatabaseName" or (name == "logGroupName" and "filterName" in call.params)


def _is_id(text: str) -> bool:
    return bool(re.match(r"^[0-9a-f]{8}-[0-9a-f]{4}-", text))


EC2_KINDS = {
    "CreateVpc": "vpc",
    "CreateSubnet": "subnet",
    "CreateInternetGateway": "igw",
    "CreateNatGateway": "nat",
    "AllocateAddress": "eipalloc",
    "CreateRouteTable": "rtb",
    "CreateSecurityGroup": "sg",
    "CreateVpcEndpoint": "vpce",
    "CreateFlowLogs": "fl",
    "CreateNetworkAcl": "acl",
}
