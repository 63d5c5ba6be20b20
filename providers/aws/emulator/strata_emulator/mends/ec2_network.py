"""EC2 networks: VPCs, subnets, internet gateways, route tables, network ACLs, flow logs."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.network_acls import NetworkAcl
from moto.ec2.models.route_tables import Route
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC, VPCEndPoint

from strata_emulator.call import Call
from strata_emulator.echo import keep
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

ROUTE_TARGETS = (
    "GatewayId", "NatGatewayId", "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId",
    "TransitGatewayId", "EgressOnlyInternetGatewayId", "CarrierGatewayId", "VpcEndpointId",
    "LocalGatewayId", "CoreNetworkArn",
)  # fmt: skip


def dependency(kind: str, name: str) -> AwsError:
    """The refusal to delete what something else still uses."""
    return AwsError(
        "DependencyViolation", f"The {kind} '{name}' has dependencies and cannot be deleted."
    )


@before("ec2", "DeleteVpc")
def refuse_used_vpc(call: Call) -> None:
    """Moto looks only at subnets, route tables and VPN gateways."""
    backend, vpc = call.backend, call.params["VpcId"]
    backend.get_vpc(vpc)
    groups = [group for group in backend.groups.get(vpc, {}).values() if not group.is_default]
    acls = [a for a in backend.network_acls.values() if a.vpc_id == vpc and not a.default]
    gateways = [g for g in backend.internet_gateways.values() if g.vpc and g.vpc.id == vpc]
    endpoints = [e for e in backend.vpc_end_points.values() if e.vpc_id == vpc]
    tables = [
        table
        for table in backend.route_tables.values()
        if table.vpc_id == vpc and not table.main_association_id
    ]
    if groups or acls or gateways or endpoints or tables:
        raise dependency("vpc", vpc)


@after("ec2", "DeleteVpc")
def delete_what_belongs_to_vpc(call: Call, _: dict[str, Any]) -> None:
    """The default network ACL and the flow logs go with the VPC."""
    backend, vpc = call.backend, call.params["VpcId"]
    for name in [name for name, acl in backend.network_acls.items() if acl.vpc_id == vpc]:
        del backend.network_acls[name]
    _drop_flow_logs(backend, vpc)


def _drop_flow_logs(backend: Any, resource: str) -> None:
    for name in [n for n, log in backend.flow_logs.items() if log.resource_id == resource]:
        del backend.flow_logs[name]
        backend.tags.pop(name, None)


def _ipv6_associations(self: VPC) -> list[dict[str, Any]]:
    """As moto, and with the border group under the name that is shown."""
    return [
        {
            "AssociationId": found["association_id"],
            "Ipv6CidrBlock": found["cidr_block"],
            "Ipv6CidrBlockState": {"State": found["cidr_block_state"]["state"]},
            "NetworkBorderGroup": found.get("ipv6_cidr_block_network_border_group")
            or self.ec2_backend.region_name,
            "Ipv6Pool": found.get("ipv6_pool"),
        }
        for found in self.get_cidr_block_association_set(ipv6=True)
    ]


def _subnet_ipv6_associations(self: Subnet) -> list[dict[str, Any]]:
    """Moto shows the state as the text of a dictionary."""
    return [
        {
            "AssociationId": found["associationId"],
            "Ipv6CidrBlock": found["ipv6CidrBlock"],
            "Ipv6CidrBlockState": {"State": "associated"},
        }
        for found in self.ipv6_cidr_block_associations.values()
        if found["ipv6CidrBlockState"]["State"] == "associated"
    ]


@before("ec2", "CreateSubnet")
def name_the_zone(call: Call) -> None:
    """By zone id alone moto files the subnet under no zone and makes it the default."""
    zone_id = call.params.get("AvailabilityZoneId")
    if not zone_id or call.params.get("AvailabilityZone"):
        return
    for zone in call.backend.describe_availability_zones():
        if zone.zone_id == zone_id:
            call.params["AvailabilityZone"] = zone.name
            del call.params["AvailabilityZoneId"]
            call.rewrite()
            return


@after("ec2", "CreateSubnet")
def never_default(call: Call, result: dict[str, Any]) -> None:
    """Only CreateDefaultSubnet makes default subnets; moto takes the first of each zone for one."""
    subnet = call.backend.get_subnet(result["Subnet"]["SubnetId"])
    if call.backend.get_vpc(subnet.vpc_id).is_default:
        return
    subnet.default_for_az = subnet.map_public_ip_on_launch = False
    result["Subnet"].update(DefaultForAz=False, MapPublicIpOnLaunch=False)


@before("ec2", "ModifySubnetAttribute")
def check_subnet(call: Call) -> None:
    call.backend.get_subnet(call.params["SubnetId"])


@before("ec2", "DeleteSubnet")
def refuse_used_subnet(call: Call) -> None:
    name = call.params["SubnetId"]
    call.backend.get_subnet(name)
    interfaces = [eni for eni in call.backend.enis.values() if eni.subnet.id == name]
    if interfaces or name in _database_subnets(call):
        raise dependency("subnet", name)


def _database_subnets(call: Call) -> set[str]:
    """Subnets of groups in which a database instance lives."""
    from moto.rds.models import rds_backends

    found: set[str] = set()
    for database in rds_backends[call.account][call.region].databases.values():
        group = getattr(database, "db_subnet_group", None)
        found.update(subnet.id for subnet in (group._subnets if group else []))
    return found


@after("ec2", "DeleteSubnet")
def drop_subnet_associations(call: Call, _: dict[str, Any]) -> None:
    """Associations go with the subnet; in moto they block the route table and the ACL for ever."""
    name = call.params["SubnetId"]
    for table in call.backend.route_tables.values():
        for key in [k for k, target in table._associations.items() if target == name]:
            del table._associations[key]
    for acl in call.backend.network_acls.values():
        for key in [k for k, a in acl._associations.items() if a.subnet_id == name]:
            del acl._associations[key]
    _drop_flow_logs(call.backend, name)


@before("ec2", "AttachInternetGateway")
def refuse_second_gateway(call: Call) -> None:
    vpc = call.params["VpcId"]
    for gateway in call.backend.internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == vpc and gateway.id != call.params["InternetGatewayId"]:
            raise AwsError(
                "Resource.AlreadyAssociated",
                f"resource {vpc} is already attached to network {gateway.id}",
            )


@before("ec2", "DetachInternetGateway")
def refuse_mapped_addresses(call: Call) -> None:
    """A gateway stays while public addresses are mapped through it."""
    for nat in call.backend.nat_gateways.values():
        mapped = any(address.get("publicIp") for address in nat.address_set)
        if nat.vpc_id == call.params["VpcId"] and nat.state == "available" and mapped:
            raise AwsError(
                "DependencyViolation",
                f"Network {nat.vpc_id} has some mapped public address(es).",
            )


@before("ec2", "CreateRoute", "ReplaceRoute")
def check_route_target(call: Call) -> None:
    """Moto stores a route without a target, and one to a NAT gateway that does not exist."""
    if not any(call.params.get(name) for name in ROUTE_TARGETS) and not call.params.get(
        "LocalTarget"
    ):
        raise AwsError("MissingParameter", "The request must contain exactly one route target")
    nat = call.params.get("NatGatewayId")
    if nat and nat not in call.backend.nat_gateways:
        raise AwsError("InvalidNatGatewayID.NotFound", f"The nat gateway ID '{nat}' does not exist")


@before("ec2", "CreateRoute")
def refuse_doubled_route(call: Call) -> None:
    """Moto looks for a second route only among IPv4 destinations."""
    wanted = call.params.get("DestinationIpv6CidrBlock") or call.params.get(
        "DestinationPrefixListId"
    )
    table = call.backend.get_route_table(call.params["RouteTableId"])
    for route in table._routes.values():
        known = (route.destination_ipv6_cidr_block, route.destination_prefix_list_id)
        if wanted and wanted in known:
            raise AwsError(
                "RouteAlreadyExists", f"The route identified by {wanted} already exists."
            )


@before("ec2", "DeleteRoute")
def refuse_local_route(call: Call) -> None:
    wanted = call.params.get("DestinationCidrBlock") or call.params.get("DestinationIpv6CidrBlock")
    table = call.backend.get_route_table(call.params["RouteTableId"])
    for route in table._routes.values():
        if route.local and wanted in (
            route.destination_cidr_block,
            route.destination_ipv6_cidr_block,
        ):
            raise AwsError(
                "InvalidParameterValue",
                f"cannot remove local route {wanted} in route table {table.id}",
            )


@before("ec2", "AssociateRouteTable")
def refuse_associated_subnet(call: Call) -> None:
    """Moto answers the association with the other table, and changes nothing."""
    subnet, wanted = call.params.get("SubnetId"), call.params["RouteTableId"]
    for table in call.backend.route_tables.values():
        if subnet and subnet in table._associations.values() and table.id != wanted:
            raise AwsError(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {wanted} conflicts with an "
                "existing association",
            )


@before("ec2", "DeleteRouteTable")
def refuse_main_table(call: Call) -> None:
    table = call.backend.get_route_table(call.params["RouteTableId"])
    if table.main_association_id:
        raise dependency("routeTable", table.id)


@after("ec2", "DeleteRouteTable")
def leave_endpoints(call: Call, _: dict[str, Any]) -> None:
    """An endpoint that still names the table can never be deleted in moto."""
    for endpoint in call.backend.vpc_end_points.values():
        if call.params["RouteTableId"] in (endpoint.route_table_ids or []):
            endpoint.route_table_ids.remove(call.params["RouteTableId"])


def _route_state(self: Route) -> str:
    """A route whose target is gone is a black hole."""
    nat, gateway = self.nat_gateway, self.gateway
    gone = nat is not None and nat.state != "available"
    detached = gateway is not None and gateway.id.startswith("igw-") and not gateway.vpc
    return "blackhole" if gone or detached else "active"


@after("ec2", "CreateNetworkAcl")
def add_final_denials(call: Call, result: dict[str, Any]) -> None:
    """Every ACL ends with rule 32767, which denies, and in a VPC with IPv6 with 32768 for that."""
    acl = call.backend.network_acls[result["NetworkAcl"]["NetworkAclId"]]
    denials = [{"RuleNumber": 32767, "CidrBlock": "0.0.0.0/0"}]
    if call.backend.get_vpc(acl.vpc_id).get_cidr_block_association_set(ipv6=True):
        denials.append({"RuleNumber": 32768, "Ipv6CidrBlock": "::/0"})
    result["NetworkAcl"]["Entries"] = [
        {**denial, "Egress": egress, "Protocol": "-1", "RuleAction": "deny"}
        for denial in denials
        for egress in (True, False)
    ]
    for entry in result["NetworkAcl"]["Entries"]:
        call.backend.create_network_acl_entry(
            acl.id,
            entry["RuleNumber"],
            entry["Protocol"],
            entry["RuleAction"],
            entry["Egress"],
            entry.get("CidrBlock"),
            None,
            None,
            None,
            None,
            entry.get("Ipv6CidrBlock"),
        )


def _acl_entry(call: Call) -> Any:
    acl = call.backend.get_network_acl(call.params["NetworkAclId"])
    number, egress = call.params["RuleNumber"], call.params["Egress"]
    for entry in acl.network_acl_entries:
        if int(entry.rule_number) == number and bool(entry.egress) == egress:
            return entry
    return None


@before("ec2", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry")
def refuse_missing_entry(call: Call) -> None:
    if _acl_entry(call) is None:
        message = f"The network acl entry identified by {call.params['RuleNumber']} does not exist"
        raise AwsError("InvalidNetworkAclEntry.NotFound", message)


@after("ec2", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry")
def keep_icmp_type(call: Call, _: dict[str, Any]) -> None:
    """Moto reads the type and code of ICMP under another name."""
    sent = call.params.get("IcmpTypeCode")
    if sent:
        entry = _acl_entry(call)
        entry.icmp_code, entry.icmp_type = sent.get("Code"), sent.get("Type")


@before("ec2", "ReplaceNetworkAclAssociation")
def refuse_missing_association(call: Call) -> None:
    """Moto fails on an association it does not know, and drops it before it looks for the ACL."""
    known = {key for acl in call.backend.network_acls.values() for key in acl._associations}
    association, acl = call.params["AssociationId"], call.params["NetworkAclId"]
    if association not in known:
        message = f"The association ID '{association}' does not exist"
        raise AwsError("InvalidAssociationID.NotFound", message)
    if acl not in call.backend.network_acls:
        message = f"The networkAcl ID '{acl}' does not exist"
        raise AwsError("InvalidNetworkAclID.NotFound", message)


@before("ec2", "CreateFlowLogs")
def accept_folders(call: Call) -> None:
    """Moto looks for a bucket of the whole path behind the ARN; the prefix is put back later."""
    destination = call.params.get("LogDestination") or ""
    if destination.startswith("arn:") and ":s3:::" in destination:
        bare = destination.split("/", 1)[0]
        _refuse_second_log(call, destination)
        if bare != destination:
            call.params["LogDestination"] = bare
            call.rewrite()
            call.params["LogDestination"] = destination


def _refuse_second_log(call: Call, destination: str) -> None:
    for log in call.backend.flow_logs.values():
        same = (log.log_destination, log.resource_id)
        if same in [(destination, name) for name in call.params.get("ResourceIds") or []]:
            raise AwsError(
                "FlowLogAlreadyExists", "There is an existing Flow Log with the same configuration."
            )


@after("ec2", "CreateFlowLogs")
def finish_flow_logs(call: Call, result: dict[str, Any]) -> None:
    for name in result.get("FlowLogIds") or []:
        log = call.backend.flow_logs[name]
        log.log_destination = call.params.get("LogDestination")
        if call.params.get("DestinationOptions"):
            keep(call, "FlowLog", name, {"DestinationOptions": call.params["DestinationOptions"]})
        if log.log_destination and ":log-group:" in log.log_destination:
            log.deliver_logs_status, log.deliver_logs_error_message = "SUCCESS", None


VPC.ipv6_cidr_block_association_set = property(_ipv6_associations)
Subnet.ipv6_cidr_block_association_set = property(_subnet_ipv6_associations)
# Filters that AWS has and moto's generic filter finds when the object has the property.
Subnet.subnet_arn = property(lambda self: self.arn)
NetworkAcl.network_acl_id = property(lambda self: self.id)
VPCEndPoint.vpc_endpoint_id = property(lambda self: self.id)
Route.state = property(_route_state)
