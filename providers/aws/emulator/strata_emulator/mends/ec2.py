"""EC2 in general: dry runs, doubled ids, client tokens, tags, and the not-found codes of AWS."""

from __future__ import annotations

import copy
import ipaddress
from typing import Any

from moto.ec2.models.core import TaggedEC2Resource

from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before, on_reset

# Creates that take a ClientToken, all of which moto ignores.
TOKENED = (
    "CreateNatGateway", "CreateVpcEndpoint", "CreateRouteTable", "CreateNetworkAcl",
    "CreateFlowLogs", "CreateEgressOnlyInternetGateway", "CreateNetworkInterface",
    "CreateLaunchTemplate", "CreateManagedPrefixList", "CreateCarrierGateway", "RunInstances",
)  # fmt: skip
# Delete call -> the parameter with the id (or ids) whose tags go with it.
DELETES = {
    "DeleteVpc": "VpcId",
    "DeleteSubnet": "SubnetId",
    "DeleteInternetGateway": "InternetGatewayId",
    "DeleteRouteTable": "RouteTableId",
    "DeleteSecurityGroup": "GroupId",
    "DeleteNetworkAcl": "NetworkAclId",
    "DeleteVpcEndpoints": "VpcEndpointIds",
    "DeleteFlowLogs": "FlowLogIds",
    "ReleaseAddress": "AllocationId",
}
CIDR_PARAMS = ("CidrBlock", "DestinationCidrBlock", "Ipv6CidrBlock", "DestinationIpv6CidrBlock")

_answers: dict[tuple[str, str, str, str], tuple[dict[str, Any], dict[str, Any]]] = {}
on_reset(_answers.clear)


@before("ec2", "*")
def refuse_dry_run(call: Call) -> None:
    """Moto carries out the dry runs of half of the calls."""
    if b"DryRun=" in call.http.body and call.params.get("DryRun") is True:
        message = "Request would have succeeded, but DryRun flag is set."
        raise AwsError("DryRunOperation", message, 412)


@before("ec2", "*")
def drop_doubled_ids(call: Call) -> None:
    """An id that a describe names twice makes moto answer NotFound or fail."""
    if not call.operation.startswith("Describe"):
        return
    doubled = False
    for name, value in call.params.items():
        if name.endswith("Ids") and isinstance(value, list) and len(set(value)) < len(value):
            call.params[name] = list(dict.fromkeys(value))
            doubled = True
    if doubled:
        call.rewrite()


@before("ec2", *TOKENED)
def answer_same_token(call: Call) -> dict[str, Any] | None:
    """The same ClientToken makes no second object, and refuses other parameters."""
    call.facts["sent"] = copy.deepcopy(call.params)
    found = _answers.get(_token_key(call))
    if found is None:
        return None
    params, answer = found
    if params != call.params:
        raise AwsError(
            "IdempotentParameterMismatch",
            "The client token is used by another request with other parameters.",
        )
    return copy.deepcopy(answer)


@after("ec2", *TOKENED)
def remember_token(call: Call, result: dict[str, Any]) -> None:
    if not call.params.get("ClientToken"):
        return
    for shown in result.values():
        if isinstance(shown, dict):
            shown.setdefault("ClientToken", call.params["ClientToken"])
    result.setdefault("ClientToken", call.params["ClientToken"])
    _answers[_token_key(call)] = (call.facts["sent"], copy.deepcopy(result))


def _token_key(call: Call) -> tuple[str, str, str, str]:
    token = call.params.get("ClientToken") or f"none {call.request_id}"
    return call.account, call.region, call.operation, token


@before(
    "ec2", "CreateVpc", "CreateSubnet", "AssociateVpcCidrBlock", "CreateRoute", "ReplaceRoute",
    "DeleteRoute", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry",
)  # fmt: skip
def drop_host_bits(call: Call) -> None:
    """`10.0.0.1/16` is stored as `10.0.0.0/16`."""
    changed = False
    for name in CIDR_PARAMS:
        text = call.params.get(name)
        plain = canonical_cidr(text) if text else text
        if plain != text:
            call.params[name] = plain
            changed = True
    if changed:
        call.rewrite()


def canonical_cidr(text: str) -> str:
    """The network without host bits; text that is no network is left to moto to refuse."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text


@before("ec2", "CreateTags")
def refuse_reserved_keys(call: Call) -> None:
    for tag in call.params.get("Tags") or []:
        if str(tag.get("Key", "")).lower().startswith("aws:"):
            raise AwsError(
                "InvalidParameterValue",
                "Tag keys starting with 'aws:' are reserved for internal use",
            )


@after("ec2", *DELETES)
def drop_tags(call: Call, _: dict[str, Any]) -> None:
    """Tags of deleted objects stay in moto's DescribeTags and tagging API."""
    ids = call.params.get(DELETES[call.operation])
    for resource_id in ids if isinstance(ids, list) else [ids]:
        call.backend.tags.pop(resource_id, None)


def refuse_missing(call: Call, parameter: str, known: Any, code: str) -> None:
    """Raises `code` (an EC2 not-found code) for the ids of a describe that do not exist."""
    for wanted in call.params.get(parameter) or []:
        if wanted not in known:
            raise AwsError(code, f"The ID '{wanted}' does not exist")


@before("ec2", "DescribeNetworkAcls")
def refuse_missing_acls(call: Call) -> None:
    refuse_missing(call, "NetworkAclIds", call.backend.network_acls, "InvalidNetworkAclID.NotFound")


@before("ec2", "DescribeFlowLogs")
def refuse_missing_flow_logs(call: Call) -> None:
    refuse_missing(call, "FlowLogIds", call.backend.flow_logs, "InvalidFlowLogId.NotFound")


@before("ec2", "DescribeNatGateways")
def refuse_missing_nat_gateways(call: Call) -> None:
    refuse_missing(call, "NatGatewayIds", call.backend.nat_gateways, "NatGatewayNotFound")


def _get_tags(self: TaggedEC2Resource) -> list[dict[str, str]]:
    """Moto goes through all tags of the region for each object of a list."""
    tags = self.ec2_backend.tags.get(self.id, {}) if self.id else {}
    return [{"key": key, "value": value} for key, value in tags.items()]


TaggedEC2Resource.get_tags = _get_tags
