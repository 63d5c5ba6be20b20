"""EC2: networks, gateways, groups."""

from __future__ import annotations

import pytest


@pytest.fixture
def ec2(aws):
    return aws("ec2")


@pytest.fixture
def vpc(ec2) -> str:
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def subnet(ec2, vpc) -> str:
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]


@pytest.fixture
def address(ec2) -> str:
    return ec2.allocate_address(Domain="vpc")["AllocationId"]


def test_dry_run_changes_nothing(ec2, vpc, refused):
    assert refused(ec2.create_vpc, CidrBlock="10.9.0.0/16", DryRun=True) == "DryRunOperation"
    assert refused(ec2.delete_vpc, VpcId=vpc, DryRun=True) == "DryRunOperation"
    assert [v["CidrBlock"] for v in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]] == ["10.0.0.0/16"]


def test_doubled_ids_are_read_once(ec2, vpc, subnet):
    assert len(ec2.describe_vpcs(VpcIds=[vpc, vpc])["Vpcs"]) == 1
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    name = tables[0]["RouteTableId"]
    assert len(ec2.describe_route_tables(RouteTableIds=[name, name])["RouteTables"]) == 1


def test_missing_ids_have_the_codes_of_aws(ec2, refused):
    assert (
        refused(ec2.describe_network_acls, NetworkAclIds=["acl-1"])
        == "InvalidNetworkAclID.NotFound"
    )
    assert refused(ec2.describe_nat_gateways, NatGatewayIds=["nat-1"]) == "NatGatewayNotFound"
    assert refused(ec2.delete_nat_gateway, NatGatewayId="nat-1") == "NatGatewayNotFound"
    assert refused(ec2.describe_flow_logs, FlowLogIds=["fl-1"]) == "InvalidFlowLogId.NotFound"


def test_a_client_token_makes_one_object(ec2, vpc, subnet, address, refused):
    table = ec2.create_route_table(VpcId=vpc, ClientToken="t")["RouteTable"]["RouteTableId"]
    again = ec2.create_route_table(VpcId=vpc, ClientToken="t")["RouteTable"]["RouteTableId"]
    assert table == again
    nat = {"SubnetId": subnet, "AllocationId": address, "ClientToken": "n"}
    first = ec2.create_nat_gateway(**nat)["NatGateway"]["NatGatewayId"]
    assert ec2.create_nat_gateway(**nat)["NatGateway"]["NatGatewayId"] == first
    nat["SubnetId"] = "subnet-1"
    assert refused(ec2.create_nat_gateway, **nat) == "IdempotentParameterMismatch"
    endpoint = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-west-1.s3", "ClientToken": "e"}
    first = ec2.create_vpc_endpoint(**endpoint)["VpcEndpoint"]["VpcEndpointId"]
    assert ec2.create_vpc_endpoint(**endpoint)["VpcEndpoint"]["VpcEndpointId"] == first


def test_host_bits_are_dropped(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.1/16")["Vpc"]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.1.7/24")["Subnet"]
    assert subnet["CidrBlock"] == "10.0.1.0/24"


def test_a_vpc_in_use_is_not_deleted(ec2, vpc, refused):
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert refused(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    assert refused(ec2.delete_vpc, VpcId=vpc) == "DependencyViolation"
    ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert acls["NetworkAcls"] == []


def test_ipv6_shows_group_and_state(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    shown = ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]
    assert shown["NetworkBorderGroup"] == "eu-west-1"
    block = shown["Ipv6CidrBlock"].replace("/56", "/64")
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.1.0/24", Ipv6CidrBlock=block)
    shown = subnet["Subnet"]["Ipv6CidrBlockAssociationSet"][0]
    assert shown["Ipv6CidrBlockState"] == {"State": "associated"}


def test_subnet_attributes_come_back(ec2, subnet):
    assert not ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["MapPublicIpOnLaunch"]
    for change in (
        {"EnableDns64": {"Value": True}},
        {"EnableResourceNameDnsAAAARecordOnLaunch": {"Value": True}},
        {"EnableResourceNameDnsARecordOnLaunch": {"Value": True}},
        {"PrivateDnsHostnameTypeOnLaunch": "resource-name"},
    ):
        ec2.modify_subnet_attribute(SubnetId=subnet, **change)
    shown = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]
    assert shown["EnableDns64"] is True
    assert shown["PrivateDnsNameOptionsOnLaunch"] == {
        "HostnameType": "resource-name",
        "EnableResourceNameDnsARecord": True,
        "EnableResourceNameDnsAAAARecord": True,
    }


def test_a_zone_may_be_named_by_its_id(ec2, vpc):
    zone = ec2.describe_availability_zones()["AvailabilityZones"][1]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.9.0/24", AvailabilityZoneId=zone["ZoneId"])[
        "Subnet"
    ]
    assert (made["AvailabilityZone"], made["DefaultForAz"]) == (zone["ZoneName"], False)


def test_a_nat_gateway_lies_in_its_subnet_and_frees_its_address(ec2, vpc, subnet, address, refused):
    assert refused(ec2.create_nat_gateway, SubnetId=subnet) == "MissingParameter"
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    name = made["NatGatewayId"]
    assert made["ConnectivityType"] == "public"
    shown = ec2.describe_nat_gateways(NatGatewayIds=[name, name])["NatGateways"]
    assert len(shown) == 1
    assert shown[0]["NatGatewayAddresses"][0]["PrivateIp"].startswith("10.0.1.")
    assert refused(ec2.release_address, AllocationId=address) == "InvalidIPAddress.InUse"
    assert refused(ec2.delete_subnet, SubnetId=subnet) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=name)
    shown = ec2.describe_nat_gateways(NatGatewayIds=[name])["NatGateways"][0]
    assert shown["State"] == "deleted" and shown["DeleteTime"]
    again = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    ec2.delete_nat_gateway(NatGatewayId=again["NatGatewayId"])
    ec2.delete_subnet(SubnetId=subnet)
    ec2.release_address(AllocationId=address)


def test_nat_gateways_take_addresses_and_filters(ec2, subnet, address):
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "a", "Value": "b"}]}]
    made = ec2.create_nat_gateway(
        SubnetId=subnet,
        ConnectivityType="private",
        PrivateIpAddress="10.0.1.77",
        SecondaryPrivateIpAddressCount=1,
        TagSpecifications=tags,
    )["NatGateway"]
    ips = [item["PrivateIp"] for item in made["NatGatewayAddresses"]]
    assert ips[0] == "10.0.1.77" and len(ips) == 2
    read = ec2.describe_nat_gateways(Filters=[{"Name": "tag:a", "Values": ["b"]}])
    assert len(read["NatGateways"]) == 1
    read = ec2.describe_nat_gateways(Filters=[{"Name": "tag:a", "Values": ["c"]}])
    assert read["NatGateways"] == []
    added = ec2.associate_nat_gateway_address(
        NatGatewayId=made["NatGatewayId"], AllocationIds=[address]
    )["NatGatewayAddresses"]
    assert added[0]["AllocationId"] == address
    ec2.disassociate_nat_gateway_address(
        NatGatewayId=made["NatGatewayId"], AssociationIds=[added[0]["AssociationId"]]
    )
    shown = ec2.describe_nat_gateways(NatGatewayIds=[made["NatGatewayId"]])["NatGateways"][0]
    assert len(shown["NatGatewayAddresses"]) == 2


def test_addresses_show_border_group_and_reverse_name(ec2, address):
    shown = ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    assert shown["NetworkBorderGroup"] == "eu-west-1"
    assert "InstanceId" not in shown and not shown["PublicIp"].startswith("127.")
    ec2.modify_address_attribute(AllocationId=address, DomainName="a.example.com")
    read = ec2.describe_addresses_attribute(AllocationIds=[address], Attribute="domain-name")
    assert read["Addresses"][0]["PtrRecord"] == "a.example.com."
    ec2.reset_address_attribute(AllocationId=address, Attribute="domain-name")
    read = ec2.describe_addresses_attribute(AllocationIds=[address], Attribute="domain-name")
    assert read["Addresses"] == []


def test_routes_need_a_real_target_and_local_ones_stay(ec2, vpc, refused):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    where = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    assert refused(ec2.create_route, **where) == "MissingParameter"
    wrong = refused(ec2.create_route, **where, NatGatewayId="nat-0")
    assert wrong == "InvalidNatGatewayID.NotFound"
    local = refused(ec2.delete_route, RouteTableId=table, DestinationCidrBlock="10.0.0.0/16")
    assert local == "InvalidParameterValue"


def test_a_subnet_has_one_route_table(ec2, vpc, subnet, refused):
    first, second = (
        ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)
    )
    ec2.associate_route_table(RouteTableId=first, SubnetId=subnet)
    code = refused(ec2.associate_route_table, RouteTableId=second, SubnetId=subnet)
    assert code == "Resource.AlreadyAssociated"
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_route_table(RouteTableId=first)


def test_a_vpc_has_one_gateway(ec2, vpc, refused):
    first, second = (
        ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"] for _ in range(2)
    )
    ec2.attach_internet_gateway(InternetGatewayId=first, VpcId=vpc)
    code = refused(ec2.attach_internet_gateway, InternetGatewayId=second, VpcId=vpc)
    assert code == "Resource.AlreadyAssociated"


def test_acls_end_with_a_denial_and_keep_icmp_types(ec2, vpc, refused):
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]
    assert {entry["RuleNumber"] for entry in acl["Entries"]} == {32767}
    entry = {"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 5, "Egress": False}
    ec2.create_network_acl_entry(
        **entry,
        Protocol="1",
        RuleAction="allow",
        CidrBlock="10.0.0.0/8",
        IcmpTypeCode={"Code": -1, "Type": 8},
    )
    shown = ec2.describe_network_acls(NetworkAclIds=[acl["NetworkAclId"]])["NetworkAcls"][0]
    mine = [item for item in shown["Entries"] if item["RuleNumber"] == 5]
    assert mine[0]["IcmpTypeCode"] == {"Code": -1, "Type": 8}
    ec2.delete_network_acl_entry(**entry)
    assert refused(ec2.delete_network_acl_entry, **entry) == "InvalidNetworkAclEntry.NotFound"


def test_acls_of_a_vpc_with_ipv6_end_with_a_denial_for_that_too(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.3.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]
    (shown,) = ec2.describe_network_acls(NetworkAclIds=[acl["NetworkAclId"]])["NetworkAcls"]
    last = [(e["RuleNumber"], e.get("CidrBlock"), e.get("Ipv6CidrBlock")) for e in shown["Entries"]]

    assert shown["Entries"] == acl["Entries"]
    assert last == [(32767, "0.0.0.0/0", None)] * 2 + [(32768, None, "::/0")] * 2


def test_a_subnet_has_one_acl_and_leaves_it_when_it_is_deleted(ec2, vpc, subnet, refused):
    def acl_of_the_subnet() -> dict:
        filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
        (found,) = ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
        return found

    def associations_of(acl: str) -> list[dict]:
        filters = [{"Name": "network-acl-id", "Values": [acl]}]
        (found,) = ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
        return found["Associations"]

    first = acl_of_the_subnet()
    (before,) = first["Associations"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    change = {"AssociationId": before["NetworkAclAssociationId"], "NetworkAclId": acl}
    nowhere = {**change, "NetworkAclId": "acl-0123456789abcdef0"}
    assert refused(ec2.replace_network_acl_association, **nowhere) == "InvalidNetworkAclID.NotFound"
    assert associations_of(first["NetworkAclId"]) == [before]
    changed = ec2.replace_network_acl_association(**change)["NewAssociationId"]

    assert first["IsDefault"] and associations_of(first["NetworkAclId"]) == []
    assert [a["NetworkAclAssociationId"] for a in associations_of(acl)] == [changed]
    assert acl_of_the_subnet()["NetworkAclId"] == acl
    assert refused(ec2.replace_network_acl_association, **change) == "InvalidAssociationID.NotFound"
    assert refused(ec2.delete_network_acl, NetworkAclId=acl) == "DependencyViolation"

    ec2.delete_subnet(SubnetId=subnet)
    assert associations_of(acl) == []
    ec2.delete_network_acl(NetworkAclId=acl)


def test_flow_logs_keep_options_and_folders(ec2, aws, vpc, account):
    bucket = f"logs-{account}"
    aws("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    options = {
        "FileFormat": "parquet",
        "HiveCompatiblePartitions": True,
        "PerHourPartition": False,
    }
    made = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{bucket}/folder/",
        DestinationOptions=options,
    )
    assert made["Unsuccessful"] == []
    shown = ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"][0]
    assert shown["LogDestination"] == f"arn:aws:s3:::{bucket}/folder/"
    assert shown["DestinationOptions"] == options


def test_gateway_endpoints_change_their_routes(ec2, vpc, refused):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3")
    name = made["VpcEndpoint"]["VpcEndpointId"]
    assert made["VpcEndpoint"]["VpcEndpointType"] == "Gateway"
    assert made["VpcEndpoint"]["PrivateDnsEnabled"] is False

    def routes():
        shown = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return [route for route in shown if route.get("GatewayId") == name]

    ec2.modify_vpc_endpoint(VpcEndpointId=name, AddRouteTableIds=[table], PolicyDocument="{}")
    assert len(routes()) == 1
    ec2.modify_vpc_endpoint(VpcEndpointId=name, RemoveRouteTableIds=[table], ResetPolicy=True)
    assert routes() == []
    shown = ec2.describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"][0]
    assert "Allow" in shown["PolicyDocument"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[name])
    failed = ec2.delete_vpc_endpoints(VpcEndpointIds=[name])["Unsuccessful"]
    assert failed[0]["Error"]["Code"] == "InvalidVpcEndpoint.NotFound"
    code = refused(ec2.describe_vpc_endpoints, VpcEndpointIds=[name])
    assert code == "InvalidVpcEndpointId.NotFound"


def test_interface_endpoints_have_groups_and_interfaces(ec2, vpc, subnet, refused):
    service = "com.amazonaws.eu-west-1.ecr.api"
    wanted = {"VpcId": vpc, "ServiceName": service, "VpcEndpointType": "Interface"}
    code = refused(ec2.create_vpc_endpoint, **wanted, SecurityGroupIds=["sg-0"])
    assert code == "InvalidSecurityGroupId.NotFound"
    made = ec2.create_vpc_endpoint(
        **wanted,
        SubnetIds=[subnet],
        IpAddressType="ipv4",
        DnsOptions={"DnsRecordIpType": "ipv4"},
    )["VpcEndpoint"]
    assert made["Groups"][0]["GroupName"] == "default"
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    name = made["VpcEndpointId"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=name, AddSecurityGroupIds=[group], PrivateDnsEnabled=False
    )
    shown = ec2.describe_vpc_endpoints(VpcEndpointIds=[name])["VpcEndpoints"][0]
    assert shown["PrivateDnsEnabled"] is False and len(shown["Groups"]) == 2
    assert shown["DnsOptions"]["DnsRecordIpType"] == "ipv4"
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    ec2.delete_vpc_endpoints(VpcEndpointIds=[name])
    ec2.delete_security_group(GroupId=group)


@pytest.fixture
def group(ec2, vpc) -> str:
    return ec2.create_security_group(GroupName="mine", Description="d", VpcId=vpc)["GroupId"]


def _permission(port: int, **source) -> dict:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}


def test_authorize_adds_all_rules_or_none(ec2, group, refused):
    one = _permission(80, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "a"}])
    two = _permission(81, Ipv6Ranges=[{"CidrIpv6": "::/0"}])
    added = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[one, two])
    assert len(added["SecurityGroupRules"]) == 2
    three = _permission(82, IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    code = refused(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[three, one])
    assert code == "InvalidPermission.Duplicate"
    shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert {p["FromPort"] for p in shown["IpPermissions"]} == {80, 81}


def test_rules_are_the_same_whatever_their_description(ec2, group, vpc):
    other = ec2.create_security_group(GroupName="o", Description="d", VpcId=vpc)["GroupId"]
    pair = {"GroupId": other, "Description": "why"}
    permission = _permission(443, UserIdGroupPairs=[pair])
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    mine = [rule for rule in rules["SecurityGroupRules"] if not rule["IsEgress"]]
    assert mine[0]["Description"] == "why"
    assert mine[0]["ReferencedGroupInfo"]["GroupId"] == other
    plain = _permission(443, UserIdGroupPairs=[{"GroupId": other}])
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[plain])
    shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert shown["IpPermissions"] == []


def test_prefix_lists_keep_their_description(ec2, group):
    lists = ec2.describe_managed_prefix_lists()["PrefixLists"]
    item = {"PrefixListId": lists[0]["PrefixListId"], "Description": "s3"}
    ec2.authorize_security_group_egress(
        GroupId=group, IpPermissions=[_permission(443, PrefixListIds=[item])]
    )
    shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    mine = [p for p in shown["IpPermissionsEgress"] if p.get("FromPort") == 443]
    assert mine[0]["PrefixListIds"] == [item]


def test_rules_change_by_their_id(ec2, group):
    added = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[_permission(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}])]
    )
    name = added["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=group,
        SecurityGroupRuleDescriptions=[{"SecurityGroupRuleId": name, "Description": "new"}],
    )
    read = ec2.describe_security_group_rules(SecurityGroupRuleIds=[name])["SecurityGroupRules"]
    assert read[0]["Description"] == "new"
    wanted = {"IpProtocol": "-1", "CidrIpv6": "::/0", "Description": "all"}
    ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[{"SecurityGroupRuleId": name, "SecurityGroupRule": wanted}],
    )
    read = ec2.describe_security_group_rules(SecurityGroupRuleIds=[name])["SecurityGroupRules"][0]
    assert (read["IpProtocol"], read["CidrIpv6"], read["Description"]) == ("-1", "::/0", "all")


def test_groups_in_use_are_not_deleted(ec2, group, vpc, refused):
    other = ec2.create_security_group(GroupName="o", Description="d", VpcId=vpc)["GroupId"]
    permission = _permission(1, UserIdGroupPairs=[{"GroupId": group}])
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[permission])
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    default = ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [vpc]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"][0]["GroupId"]
    assert refused(ec2.delete_security_group, GroupId=default) == "CannotDelete"
    wrong = {"GroupName": "x", "Description": "x", "VpcId": "vpc-0"}
    assert refused(ec2.create_security_group, **wrong) == "InvalidVpcID.NotFound"


def test_tags_end_with_their_object(ec2, refused):
    tags = [{"ResourceType": "internet-gateway", "Tags": [{"Key": "a", "Value": "b"}]}]
    made = ec2.create_internet_gateway(TagSpecifications=tags)["InternetGateway"]
    name = made["InternetGatewayId"]
    ec2.delete_internet_gateway(InternetGatewayId=name)
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [name]}])
    assert found["Tags"] == []
    reserved = [{"Key": "aws:x", "Value": "1"}]
    assert refused(ec2.create_tags, Resources=["vpc-0"], Tags=reserved) == "InvalidParameterValue"
