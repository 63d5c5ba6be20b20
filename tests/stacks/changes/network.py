"""Changes to the network."""

from account import ACCOUNT, REGION, Account

from changes.change import Change, foreign, gone

FLOW_LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/local/foundation/flow-logs"


def vpc_attribute(account: Account, name: str) -> bool:
    answer = account.ec2.describe_vpc_attribute(VpcId=account.id("network/vpc"), Attribute=name)
    return answer[name[0].upper() + name[1:]]["Value"]


def set_tag(address: str, key: str, value: str):
    return lambda a: a.ec2.create_tags(Resources=[a.id(address)], Tags=[{"Key": key, "Value": value}])


def drop_tag(address: str, key: str):
    return lambda a: a.ec2.delete_tags(Resources=[a.id(address)], Tags=[{"Key": key}])


def tag(address: str, key: str):
    return lambda a: a.tags(address).get(key)


def subnet(account: Account, address: str) -> dict:
    return account.ec2.describe_subnets(SubnetIds=[account.id(address)])["Subnets"][0]


def attachments(account: Account) -> list[str]:
    (gateway,) = account.ec2.describe_internet_gateways(InternetGatewayIds=[account.id("network/internet")])["InternetGateways"]
    return [a["VpcId"] for a in gateway["Attachments"]]


def table(account: Account, address: str) -> dict:
    return account.ec2.describe_route_tables(RouteTableIds=[account.id(address)])["RouteTables"][0]


def routes(address: str):
    """What leads where, without the routes that tables have by themselves or get from gateway endpoints."""

    def read(account: Account) -> dict[str, str]:
        own = [r for r in table(account, address)["Routes"] if r.get("DestinationCidrBlock") and r.get("GatewayId") != "local"]
        return {r["DestinationCidrBlock"]: r.get("GatewayId") or r.get("NatGatewayId") for r in own}

    return read


def associations(address: str):
    return lambda a: sorted(s["SubnetId"] for s in table(a, address)["Associations"] if "SubnetId" in s)


def take_off_subnets(account: Account, address: str) -> None:
    for found in table(account, address)["Associations"]:
        account.ec2.disassociate_route_table(AssociationId=found["RouteTableAssociationId"])


def group(account: Account, address: str) -> dict:
    return account.ec2.describe_security_groups(GroupIds=[account.id(address)])["SecurityGroups"][0]


def rules(address: str, side: str = "IpPermissions"):
    """One text for each rule: protocol, ports, source, description."""

    def read(account: Account) -> list[str]:
        found = []
        for one in group(account, address)[side]:
            ports = f"{one['IpProtocol']} {one.get('FromPort')}-{one.get('ToPort')}"
            found += [f"{ports} {r['CidrIp']} {r.get('Description', '')}" for r in one["IpRanges"]]
            found += [f"{ports} {r['GroupId']} {r.get('Description', '')}" for r in one["UserIdGroupPairs"]]
        return sorted(found)

    return read


def anywhere(port: int, about: str) -> list[dict]:
    ranges = [{"CidrIp": "0.0.0.0/0", "Description": about}]
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges}]


def from_group(port: int, group_id: str, about: str = "") -> list[dict]:
    pair = {"GroupId": group_id, **({"Description": about} if about else {})}
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [pair]}]


def endpoint(account: Account, name: str) -> dict:
    wanted = [{"Name": "service-name", "Values": [f"com.amazonaws.{REGION}.{name}"]}]
    found = account.ec2.describe_vpc_endpoints(Filters=wanted)["VpcEndpoints"]
    return next(iter(e for e in found if e["State"] != "deleted"), {})


def change_endpoint(name: str, **changes):
    """Changes whose values are functions are asked for the account first."""

    def make(account: Account) -> None:
        asked = {key: [value(account)] if callable(value) else value for key, value in changes.items()}
        account.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint(account, name)["VpcEndpointId"], **asked)

    return make


def nat_gateways(account: Account) -> list[tuple]:
    found = account.ec2.describe_nat_gateways(Filters=[{"Name": "vpc-id", "Values": [account.id("network/vpc")]}])["NatGateways"]
    return [(n["SubnetId"], n["NatGatewayAddresses"][0]["AllocationId"]) for n in found if n["State"] == "available"]


def flow_logs(account: Account) -> list[tuple]:
    wanted = [{"Name": "resource-id", "Values": [account.id("network/vpc")]}]
    found = account.ec2.describe_flow_logs(Filters=wanted)["FlowLogs"]
    return [(f["TrafficType"], f["LogGroupName"], f["MaxAggregationInterval"]) for f in found]


def delete_flow_logs(account: Account) -> None:
    account.ec2.delete_flow_logs(FlowLogIds=[account.id("network/flow-logs")])


CHANGES = [
    Change(
        "the network no longer gives host names",
        "network/vpc",
        "enable_dns_hostnames",
        lambda a: vpc_attribute(a, "enableDnsHostnames"),
        lambda a: a.ec2.modify_vpc_attribute(VpcId=a.id("network/vpc"), EnableDnsHostnames={"Value": False}),
        ("ec2:ModifyVpcAttribute",),
    ),
    foreign(
        "somebody puts a tag of their own on the network",
        "network/vpc",
        "tags[team]",
        tag("network/vpc", "team"),
        set_tag("network/vpc", "team", "theirs"),
    ),
    foreign(
        "a subnet gives public addresses, which the program never said",
        "network/public-b",
        "map_public_ip_on_launch",
        lambda a: subnet(a, "network/public-b")["MapPublicIpOnLaunch"],
        lambda a: a.ec2.modify_subnet_attribute(SubnetId=a.id("network/public-b"), MapPublicIpOnLaunch={"Value": True}),
    ),
    Change(
        "a tag of a subnet has another value",
        "network/private-a",
        "tags[Name]",
        tag("network/private-a", "Name"),
        set_tag("network/private-a", "Name", "old-private-a"),
        ("ec2:CreateTags",),
    ),
    Change(
        "a tag that the settings put on everything is taken off a subnet",
        "network/public-a",
        "tags[cost-center]",
        tag("network/public-a", "cost-center"),
        drop_tag("network/public-a", "cost-center"),
        ("ec2:CreateTags",),
    ),
    Change(
        "a tag of the NAT gateway's address is taken off",
        "network/nat-address-a",
        "tags[Name]",
        tag("network/nat-address-a", "Name"),
        drop_tag("network/nat-address-a", "Name"),
        ("ec2:CreateTags",),
    ),
    gone(
        "the NAT gateway is deleted, and the routes that use it lead nowhere",
        "network/nat-a",
        nat_gateways,
        lambda a: a.ec2.delete_nat_gateway(NatGatewayId=a.id("network/nat-a")),
        "ec2:CreateNatGateway",
        "ec2:ReplaceRoute",
        "ec2:ReplaceRoute",
    ),
    Change(
        "the internet gateway is detached, as it can be without a NAT gateway",
        "network/internet",
        "vpc_id",
        attachments,
        lambda a: a.ec2.detach_internet_gateway(InternetGatewayId=a.id("network/internet"), VpcId=a.id("network/vpc")),
        ("ec2:AttachInternetGateway",),
    ),
    Change(
        "the route to the internet is deleted",
        "network/public-routes",
        "routes",
        routes("network/public-routes"),
        lambda a: a.ec2.delete_route(RouteTableId=a.id("network/public-routes"), DestinationCidrBlock="0.0.0.0/0"),
        ("ec2:CreateRoute",),
    ),
    Change(
        "somebody adds a route of their own",
        "network/private-routes-b",
        "routes[192.168.0.0/16]",
        lambda a: routes("network/private-routes-b")(a).get("192.168.0.0/16"),
        lambda a: a.ec2.create_route(
            RouteTableId=a.id("network/private-routes-b"),
            DestinationCidrBlock="192.168.0.0/16",
            GatewayId=a.id("network/internet"),
        ),
        ("ec2:DeleteRoute",),
    ),
    Change(
        "a subnet is taken off its route table",
        "network/private-routes-a",
        "associations",
        associations("network/private-routes-a"),
        lambda a: take_off_subnets(a, "network/private-routes-a"),
        ("ec2:AssociateRouteTable",),
    ),
    Change(
        "SSH is opened to the world",
        "network/alb-group",
        "ingress[tcp 22 22 0.0.0.0/0]",
        rules("network/alb-group"),
        lambda a: a.ec2.authorize_security_group_ingress(GroupId=a.id("network/alb-group"), IpPermissions=anywhere(22, "just for a day")),
        ("ec2:RevokeSecurityGroupIngress",),
    ),
    Change(
        "a rule between two groups is taken away",
        "network/cache-group",
        "ingress",
        rules("network/cache-group"),
        lambda a: a.ec2.revoke_security_group_ingress(
            GroupId=a.id("network/cache-group"), IpPermissions=from_group(6379, a.id("network/server-group"))
        ),
        ("ec2:AuthorizeSecurityGroupIngress",),
    ),
    Change(
        "a rule is described otherwise",
        "network/database-group",
        "ingress[tcp 5432 5432 {network/server-group}].description",
        rules("network/database-group"),
        lambda a: a.ec2.update_security_group_rule_descriptions_ingress(
            GroupId=a.id("network/database-group"), IpPermissions=from_group(5432, a.id("network/server-group"), "who knows")
        ),
        ("ec2:UpdateSecurityGroupRuleDescriptionsIngress",),
    ),
    Change(
        "a group that lets nothing out lets everything out",
        "network/files-group",
        "egress[tcp 443 443 0.0.0.0/0]",
        rules("network/files-group", "IpPermissionsEgress"),
        lambda a: a.ec2.authorize_security_group_egress(GroupId=a.id("network/files-group"), IpPermissions=anywhere(443, "theirs")),
        ("ec2:RevokeSecurityGroupEgress",),
    ),
    Change(
        "the default group, which is kept closed, is opened",
        "network/default-group",
        "ingress[tcp 80 80 0.0.0.0/0]",
        rules("network/default-group"),
        lambda a: a.ec2.authorize_security_group_ingress(GroupId=a.id("network/default-group"), IpPermissions=anywhere(80, "theirs")),
        ("ec2:RevokeSecurityGroupIngress",),
    ),
    Change(
        "a way out of a group is taken away",
        "network/server-group",
        "egress[tcp 443 443 0.0.0.0/0]",
        rules("network/server-group", "IpPermissionsEgress"),
        lambda a: a.ec2.revoke_security_group_egress(GroupId=a.id("network/server-group"), IpPermissions=anywhere(443, "")),
        ("ec2:AuthorizeSecurityGroupEgress",),
    ),
    Change(
        "a group is said to be of another stack",
        "network/tasks-group",
        "tags[strata:stack]",
        tag("network/tasks-group", "strata:stack"),
        set_tag("network/tasks-group", "strata:stack", "nobody.local"),
        ("ec2:CreateTags",),
    ),
    Change(
        "a gateway endpoint is taken out of a route table",
        "network/s3-endpoint",
        "route_table_ids[{network/private-routes-b}]",
        lambda a: sorted(endpoint(a, "s3")["RouteTableIds"]),
        change_endpoint("s3", RemoveRouteTableIds=lambda a: a.id("network/private-routes-b")),
        ("ec2:ModifyVpcEndpoint",),
    ),
    Change(
        "an interface endpoint loses its private name",
        "network/ecr-api-endpoint",
        "private_dns_enabled",
        lambda a: endpoint(a, "ecr.api")["PrivateDnsEnabled"],
        change_endpoint("ecr.api", PrivateDnsEnabled=False),
        ("ec2:ModifyVpcEndpoint",),
    ),
    Change(
        "an interface endpoint gets another security group beside its own",
        "network/kms-endpoint",
        "security_group_ids[{network/cache-group}]",
        lambda a: sorted(g["GroupId"] for g in endpoint(a, "kms")["Groups"]),
        change_endpoint("kms", AddSecurityGroupIds=lambda a: a.id("network/cache-group")),
        ("ec2:ModifyVpcEndpoint",),
    ),
    Change(
        "an interface endpoint leaves a subnet",
        "network/logs-endpoint",
        "subnet_ids[{network/private-b}]",
        lambda a: sorted(endpoint(a, "logs")["SubnetIds"]),
        change_endpoint("logs", RemoveSubnetIds=lambda a: a.id("network/private-b")),
        ("ec2:ModifyVpcEndpoint",),
    ),
    foreign(
        "an interface endpoint gets a policy, which the program never gave it",
        "network/glue-endpoint",
        "",
        lambda a: "NotHere" in endpoint(a, "glue").get("PolicyDocument", ""),
        change_endpoint(
            "glue",
            PolicyDocument='{"Version":"2012-10-17","Statement":[{"Sid":"NotHere","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}',
        ),
    ),
    gone(
        "an interface endpoint is deleted",
        "network/sts-endpoint",
        lambda a: sorted(endpoint(a, "sts").get("SubnetIds", [])),
        lambda a: a.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint(a, "sts")["VpcEndpointId"]]),
        "ec2:CreateVpcEndpoint",
    ),
    gone("the flow log is deleted", "network/flow-logs", flow_logs, delete_flow_logs, "ec2:CreateFlowLogs"),
    Change(
        "flow logs are kept for longer",
        "network/flow-log-group",
        "retention_in_days",
        lambda a: a.logs.describe_log_groups(logGroupNamePrefix="/local/foundation/flow-logs")["logGroups"][0].get("retentionInDays"),
        lambda a: a.logs.put_retention_policy(logGroupName="/local/foundation/flow-logs", retentionInDays=365),
        ("logs:PutRetentionPolicy",),
    ),
    Change(
        "a tag of a log group is taken off",
        "network/flow-log-group",
        "tags[owner]",
        lambda a: a.logs.list_tags_for_resource(resourceArn=FLOW_LOG_GROUP)["tags"].get("owner"),
        lambda a: a.logs.untag_resource(resourceArn=FLOW_LOG_GROUP, tagKeys=["owner"]),
        ("logs:TagResource",),
    ),
]
