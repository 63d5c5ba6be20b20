"""EC2 gateways: elastic IPs, NAT gateways, VPC endpoints."""

from __future__ import annotations

import datetime
import ipaddress
import time
from typing import Any

from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.vpcs import VPCEndPoint
from moto.moto_api._internal import mock_random

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError, NotEmulated
from strata_emulator.mends import after, before

# How long AWS goes on listing a deleted NAT gateway.
DELETED_SHOWN_SECONDS = 3600


def _public_ip() -> str:
    """Moto gives out loopback addresses."""
    return "52." + ".".join(str(mock_random.randint(1, 254)) for _ in range(3))


def free_ip(backend: Any, subnet_id: str) -> str:
    """An address inside the subnet that no interface has."""
    network = ipaddress.ip_network(backend.get_subnet(subnet_id).cidr_block)
    taken = {
        address["PrivateIpAddress"]
        for interface in backend.enis.values()
        for address in interface.private_ip_addresses
    }
    hosts = int(network.num_addresses)
    while True:
        candidate = str(network[mock_random.randint(4, hosts - 2)])
        if candidate not in taken:
            return candidate


# ---- Elastic IPs


@after("ec2", "AllocateAddress")
def complete_allocation(call: Call, result: dict[str, Any]) -> None:
    result.setdefault("PublicIpv4Pool", "amazon")
    result["NetworkBorderGroup"] = call.params.get("NetworkBorderGroup") or call.region
    store = {"NetworkBorderGroup": result["NetworkBorderGroup"]}
    keep(call, "Address", result["AllocationId"], store)


@after("ec2", "DescribeAddresses")
def complete_addresses(call: Call, result: dict[str, Any]) -> None:
    """Empty strings stand for ids that are not there; the border group is not shown."""
    for address in result.get("Addresses") or []:
        for name in ("InstanceId", "NetworkInterfaceId"):
            if address.get(name) == "":
                del address[name]
        address.setdefault("PublicIpv4Pool", "amazon")
        known = kept(call, "Address").get(address.get("AllocationId", ""), {})
        address["NetworkBorderGroup"] = known.get("NetworkBorderGroup", call.region)


def _address(call: Call) -> ElasticAddress:
    return call.backend.address_by_allocation([call.params["AllocationId"]])[0]


def _used_by_nat(call: Call, address: ElasticAddress) -> bool:
    return any(
        nat.state == "available"
        and any(item.get("allocationId") == address.allocation_id for item in nat.address_set)
        for nat in call.backend.nat_gateways.values()
    )


@before("ec2", "ReleaseAddress", "DisassociateAddress")
def refuse_address_in_use(call: Call) -> None:
    for address in call.backend.addresses:
        named = (
            call.params.get("AllocationId") == address.allocation_id
            or call.params.get("PublicIp") == address.public_ip
            or (call.params.get("AssociationId") or "-") == address.association_id
        )
        if named and _used_by_nat(call, address):
            raise AwsError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")


@before("ec2", "ModifyAddressAttribute", "ResetAddressAttribute")
def set_reverse_name(call: Call) -> dict[str, Any]:
    address = _address(call)
    keep(call, "AddressName", address.allocation_id, {"name": call.params.get("DomainName")})
    return {"Address": _with_name(call, address)}


@before("ec2", "DescribeAddressesAttribute")
def show_reverse_names(call: Call) -> dict[str, Any]:
    wanted = call.params.get("AllocationIds")
    found = call.backend.describe_addresses(wanted)
    shown = [_with_name(call, address) for address in found]
    return {"Addresses": [address for address in shown if "PtrRecord" in address]}


def _with_name(call: Call, address: ElasticAddress) -> dict[str, Any]:
    shown = {"PublicIp": address.public_ip, "AllocationId": address.allocation_id}
    name = kept(call, "AddressName").get(address.allocation_id, {}).get("name")
    if name:
        shown["PtrRecord"] = name if name.endswith(".") else name + "."
    return shown


# ---- NAT gateways


@before("ec2", "CreateNatGateway")
def check_nat_gateway(call: Call) -> None:
    if call.params.get("AvailabilityMode") == "regional":
        raise NotEmulated("regional NAT gateway")
    kind = call.params.setdefault("ConnectivityType", "public")
    if kind == "public" and not call.params.get("AllocationId"):
        raise AwsError("MissingParameter", "A public NAT gateway requires an AllocationId.")
    wanted = call.params.get("AllocationId")
    for name in [wanted, *(call.params.get("SecondaryAllocationIds") or [])]:
        if name and call.backend.address_by_allocation([name])[0].association_id:
            raise AwsError("Resource.AlreadyAssociated", f"Elastic IP address [{name}] is in use")
    call.rewrite()


@after("ec2", "CreateNatGateway")
def complete_nat_gateway(call: Call, result: dict[str, Any]) -> None:
    """Addresses lie inside the subnet, are the ones asked for, and include the secondary ones."""
    nat = call.backend.nat_gateways[result["NatGateway"]["NatGatewayId"]]
    wanted = call.params.get("PrivateIpAddress") or free_ip(call.backend, nat.subnet_id)
    nat._eni.private_ip_address = nat.private_ip = wanted
    nat._eni.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": wanted}]
    nat._eni.interface_type = "nat_gateway"
    nat.address_set[0].update(privateIp=wanted, isPrimary=True, status="succeeded")
    _add_secondary(call, nat, call.params)
    result["NatGateway"]["NatGatewayAddresses"] = [_shown_address(a) for a in nat.address_set]


def _add_secondary(call: Call, nat: NatGateway, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Adds the secondary addresses that `params` ask for; returns those added."""
    ips = list(params.get("SecondaryPrivateIpAddresses") or params.get("PrivateIpAddresses") or [])
    elastic = params.get("SecondaryAllocationIds") or params.get("AllocationIds") or []
    count = params.get("SecondaryPrivateIpAddressCount") or params.get("PrivateIpAddressCount") or 0
    added = []
    for index in range(max(len(ips), len(elastic), count)):
        ip = ips[index] if index < len(ips) else free_ip(call.backend, nat.subnet_id)
        entry = {"privateIp": ip, "networkInterfaceId": nat._eni.id}
        entry.update(isPrimary=False, status="succeeded")
        nat._eni.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": ip})
        if index < len(elastic):
            _attach_address(call, entry, elastic[index], nat)
        nat.address_set.append(entry)
        added.append(entry)
    return added


def _attach_address(call: Call, entry: dict[str, Any], allocation: str, nat: NatGateway) -> None:
    address = call.backend.address_by_allocation([allocation])[0]
    address.eni = nat._eni
    address.association_id = elastic_ip_addresses.random_eip_association_id()
    entry.update(
        allocationId=allocation, publicIp=address.public_ip, associationId=address.association_id
    )


def _shown_address(address: dict[str, Any]) -> dict[str, Any]:
    shown = {name[0].upper() + name[1:]: value for name, value in address.items()}
    return {name: value for name, value in shown.items() if value is not None}


def nat_gateway(call: Call) -> NatGateway:
    """The NAT gateway that the call names, unless it is deleted."""
    name = call.params["NatGatewayId"]
    found = call.backend.nat_gateways.get(name)
    if not found or found.state == "deleted":
        raise AwsError("NatGatewayNotFound", f"The Nat Gateway {name} was not found")
    return found


@before("ec2", "AssociateNatGatewayAddress", "AssignPrivateNatGatewayAddress")
def add_nat_addresses(call: Call) -> dict[str, Any]:
    nat = nat_gateway(call)
    added = _add_secondary(call, nat, call.params)
    return {"NatGatewayId": nat.id, "NatGatewayAddresses": [_shown_address(a) for a in added]}


@before("ec2", "DisassociateNatGatewayAddress", "UnassignPrivateNatGatewayAddress")
def remove_nat_addresses(call: Call) -> dict[str, Any]:
    nat = nat_gateway(call)
    by_association = call.params.get("AssociationIds") or []
    by_ip = call.params.get("PrivateIpAddresses") or []
    removed = [
        address
        for address in nat.address_set
        if address.get("associationId") in by_association or address["privateIp"] in by_ip
    ]
    for address in removed:
        _free_address(call, address)
        nat.address_set.remove(address)
    return {"NatGatewayId": nat.id, "NatGatewayAddresses": [_shown_address(a) for a in removed]}


def _free_address(call: Call, entry: dict[str, Any]) -> None:
    for address in call.backend.addresses:
        if address.allocation_id == entry.get("allocationId"):
            address.eni = address.association_id = None


@before("ec2", "DeleteNatGateway")
def check_nat_delete(call: Call) -> None:
    nat_gateway(call)


@after("ec2", "DeleteNatGateway")
def free_nat_parts(call: Call, _: dict[str, Any]) -> None:
    """The elastic IP is free again and the interface is gone; moto keeps both."""
    nat = call.backend.nat_gateways[call.params["NatGatewayId"]]
    for address in nat.address_set:
        _free_address(call, address)
    call.backend.enis.pop(nat._eni.id, None)
    nat.delete_time = datetime.datetime.now(datetime.timezone.utc)
    nat.deleted_at = time.monotonic()


@before("ec2", "DescribeNatGateways")
def forget_old_nat_gateways(call: Call) -> None:
    """AWS shows a deleted gateway for about an hour."""
    oldest = time.monotonic() - DELETED_SHOWN_SECONDS
    for name, nat in list(call.backend.nat_gateways.items()):
        if getattr(nat, "deleted_at", oldest) < oldest:
            del call.backend.nat_gateways[name]


@after("ec2", "DescribeNatGateways")
def filter_nat_gateways(call: Call, result: dict[str, Any]) -> None:
    """Moto ignores filters by tag."""
    for item in call.params.get("Filter") or call.params.get("Filters") or []:
        if item["Name"].startswith("tag"):
            kept_gateways = [
                nat for nat in result["NatGateways"] if _tag_matches(nat.get("Tags") or [], item)
            ]
            result["NatGateways"] = kept_gateways


def _tag_matches(tags: list[dict[str, str]], item: dict[str, Any]) -> bool:
    import fnmatch

    if item["Name"] == "tag-key":
        found = [tag["Key"] for tag in tags]
    else:
        key = item["Name"].removeprefix("tag:")
        found = [tag["Value"] for tag in tags if tag["Key"] == key]
    return any(fnmatch.fnmatchcase(v, p) for v in found for p in item.get("Values") or [])


# ---- VPC endpoints


@before("ec2", "CreateVpcEndpoint")
def check_endpoint(call: Call) -> None:
    """Defaults that moto leaves out, and what AWS refuses."""
    params = call.params
    gateway = params.setdefault("VpcEndpointType", "Gateway") == "Gateway"
    if gateway:
        params["PrivateDnsEnabled"] = False
        _refuse_second_gateway_endpoint(call)
    if not str(params["ServiceName"]).startswith(("com.amazonaws.", "aws.", "com.amazonaws")):
        message = f"The Vpc Endpoint Service '{params['ServiceName']}' does not exist"
        raise AwsError("InvalidServiceName", message)
    vpc = call.backend.get_vpc(params["VpcId"])
    for group in params.get("SecurityGroupIds") or []:
        _check_group(call, group)
    if params["VpcEndpointType"] == "Interface" and not params.get("SecurityGroupIds"):
        default = call.backend.get_default_security_group(vpc.id)
        params["SecurityGroupIds"] = [default.id] if default else []
    call.rewrite()


def _check_group(call: Call, group: str) -> None:
    if not call.backend.get_security_group_from_id(group):
        raise AwsError(
            "InvalidSecurityGroupId.NotFound", f"The security group '{group}' does not exist"
        )


def _refuse_second_gateway_endpoint(call: Call) -> None:
    for endpoint in call.backend.vpc_end_points.values():
        same = endpoint.vpc_id == call.params["VpcId"]
        same = same and endpoint.service_name == call.params["ServiceName"]
        shared = set(endpoint.route_table_ids or []) & set(call.params.get("RouteTableIds") or [])
        if same and shared:
            message = (
                f"route table {min(shared)} already has a route with the endpoint's destination"
            )
            raise AwsError("RouteAlreadyExists", message)


@after("ec2", "CreateVpcEndpoint")
def place_interfaces(call: Call, result: dict[str, Any]) -> None:
    """The interfaces of an endpoint lie in its subnets and have its groups."""
    endpoint = call.backend.vpc_end_points[result["VpcEndpoint"]["VpcEndpointId"]]
    for interface_id in endpoint.network_interface_ids:
        _place(call, call.backend.enis[interface_id], endpoint)


def _place(call: Call, interface: Any, endpoint: VPCEndPoint) -> None:
    interface.private_ip_address = free_ip(call.backend, interface.subnet.id)
    interface.private_ip_addresses = [
        {"Primary": True, "PrivateIpAddress": interface.private_ip_address}
    ]
    interface._group_set = [
        call.backend.get_security_group_from_id(name) for name in endpoint.security_group_ids
    ]
    interface.interface_type = "vpc_endpoint"


@before("ec2", "ModifyVpcEndpoint")
def modify_endpoint(call: Call) -> dict[str, Any]:
    """All of it: moto changes the lists and nothing that hangs on them."""
    params = call.params
    endpoint = call.backend.describe_vpc_endpoints([params["VpcEndpointId"]])[0]
    for group in params.get("AddSecurityGroupIds") or []:
        _check_group(call, group)
    _change_tables(call, endpoint)
    _change_subnets(call, endpoint)
    add, remove = params.get("AddSecurityGroupIds"), params.get("RemoveSecurityGroupIds")
    endpoint.security_group_ids = _changed(endpoint.security_group_ids, add, remove)
    for interface_id in endpoint.network_interface_ids:
        call.backend.enis[interface_id]._group_set = [
            call.backend.get_security_group_from_id(name) for name in endpoint.security_group_ids
        ]
    if params.get("ResetPolicy"):
        import json

        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    elif params.get("PolicyDocument"):
        endpoint.policy_document = params["PolicyDocument"]
    if params.get("PrivateDnsEnabled") is not None:
        endpoint.private_dns_enabled = params["PrivateDnsEnabled"]
    echoed = {name: params[name] for name in ("IpAddressType", "DnsOptions") if params.get(name)}
    keep(call, "VpcEndpoint", params["VpcEndpointId"], echoed)
    return {"Return": True}


def _changed(
    values: list[str] | None, add: list[str] | None, remove: list[str] | None
) -> list[str]:
    kept_values = [value for value in values or [] if value not in (remove or [])]
    return kept_values + [value for value in add or [] if value not in kept_values]


def _change_tables(call: Call, endpoint: VPCEndPoint) -> None:
    prefix_list = endpoint.destination_prefix_list_id
    add, remove = call.params.get("AddRouteTableIds"), call.params.get("RemoveRouteTableIds")
    for table in remove or []:
        if table in endpoint.route_table_ids and prefix_list:
            call.backend.delete_route(table, prefix_list)
    for table in add or []:
        if table not in endpoint.route_table_ids and prefix_list:
            call.backend.create_route(
                table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list
            )
    endpoint.route_table_ids = _changed(endpoint.route_table_ids, add, remove)


def _change_subnets(call: Call, endpoint: VPCEndPoint) -> None:
    add, remove = call.params.get("AddSubnetIds"), call.params.get("RemoveSubnetIds")
    for interface_id in list(endpoint.network_interface_ids):
        if call.backend.enis[interface_id].subnet.id in (remove or []):
            endpoint.network_interface_ids.remove(interface_id)
            del call.backend.enis[interface_id]
    for subnet in add or []:
        if subnet not in (endpoint.subnet_ids or []):
            interface = call.backend.create_network_interface(subnet, free_ip(call.backend, subnet))
            endpoint.network_interface_ids.append(interface.id)
            _place(call, interface, endpoint)
    endpoint.subnet_ids = _changed(endpoint.subnet_ids, add, remove)


@before("ec2", "DeleteVpcEndpoints")
def note_missing_endpoints(call: Call) -> dict[str, Any]:
    """Deleted endpoints leave the lists; unknown ones are reported in the answer."""
    failed = []
    for name in call.params.get("VpcEndpointIds") or []:
        if name in call.backend.vpc_end_points:
            call.backend.delete_vpc_endpoints([name])
            del call.backend.vpc_end_points[name]
            call.backend.tags.pop(name, None)
        else:
            message = f"The Vpc Endpoint Id '{name}' does not exist"
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}
            failed.append({"ResourceId": name, "Error": error})
    return {"Unsuccessful": failed}


elastic_ip_addresses.random_ip = _public_ip
