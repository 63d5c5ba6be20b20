"""The network of stack foundation."""

import re
from collections.abc import Callable

from account import Account, document

from intent.wanted import Wanted, policy, some, tags, trusted_service

VPC = "{network/vpc}"


def vpc(account: Account) -> dict:
    vpc_id = account.id("network/vpc")
    (found,) = account.ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]

    def attribute(name: str) -> bool:
        return account.ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[name[0].upper() + name[1:]]["Value"]

    return {
        **some(found, "CidrBlock", "InstanceTenancy"),
        "EnableDnsHostnames": attribute("enableDnsHostnames"),
        "EnableDnsSupport": attribute("enableDnsSupport"),
        "Tags": account.tags("network/vpc"),
    }


def subnet(address: str, zone: str, cidr: str) -> Wanted:
    def read(account: Account) -> dict:
        (found,) = account.ec2.describe_subnets(SubnetIds=[account.id(address)])["Subnets"]
        return {
            **some(found, "AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "VpcId"),
            "Tags": account.tags(address),
        }

    return Wanted(
        {
            "AvailabilityZone": zone,
            "CidrBlock": cidr,
            "MapPublicIpOnLaunch": False,
            "VpcId": VPC,
            "Tags": tags(address, Name=address.split("/")[1]),
        },
        read,
    )


def gateway(account: Account) -> dict:
    (found,) = account.ec2.describe_internet_gateways(InternetGatewayIds=[account.id("network/internet")])["InternetGateways"]
    return {"VpcId": found["Attachments"][0]["VpcId"], "Tags": account.tags("network/internet")}


def address_of_nat(account: Account) -> dict:
    (found,) = account.ec2.describe_addresses(AllocationIds=[account.id("network/nat-address-a")])["Addresses"]
    return {"Domain": found["Domain"], "Tags": account.tags("network/nat-address-a")}


def nat(account: Account) -> dict:
    (found,) = account.ec2.describe_nat_gateways(NatGatewayIds=[account.id("network/nat-a")])["NatGateways"]
    return {
        "AllocationId": found["NatGatewayAddresses"][0]["AllocationId"],
        "State": found["State"],
        "SubnetId": found["SubnetId"],
        "Tags": account.tags("network/nat-a"),
    }


def table(address: str, name: str, subnets: list[str], way_out: dict) -> Wanted:
    def read(account: Account) -> dict:
        (found,) = account.ec2.describe_route_tables(RouteTableIds=[account.id(address)])["RouteTables"]
        own = [r for r in found["Routes"] if r["Origin"] == "CreateRoute" and "DestinationCidrBlock" in r]
        return {
            "Associations": sorted(a["SubnetId"] for a in found["Associations"] if "SubnetId" in a),
            "Routes": [{k: r[k] for k in ("DestinationCidrBlock", "GatewayId", "NatGatewayId") if r.get(k)} for r in own],
            "VpcId": found["VpcId"],
            "Tags": account.tags(address),
        }

    routes = [{"DestinationCidrBlock": "0.0.0.0/0", **way_out}]
    return Wanted({"Associations": subnets, "Routes": routes, "VpcId": VPC, "Tags": tags(address, Name=name)}, read)


def endpoint(service: str, kind: str, **wanted) -> tuple[str, Wanted]:
    address = f"network/{service.replace('.', '-')}-endpoint"

    def read(account: Account) -> dict:
        (found,) = account.ec2.describe_vpc_endpoints(VpcEndpointIds=[account.id(address)])["VpcEndpoints"]
        groups = {"SecurityGroupIds": [g["GroupId"] for g in found.get("Groups", [])]}
        lists = {name: sorted(found.get(name, [])) for name in ("RouteTableIds", "SubnetIds")}
        seen = {**some(found, "PrivateDnsEnabled", "ServiceName", "VpcEndpointType", "VpcId"), **groups, **lists}
        return {**{k: v for k, v in seen.items() if k in asked_for}, "Tags": account.tags(address)}

    asked_for = {
        "ServiceName": f"com.amazonaws.ca-central-1.{service}",
        "VpcEndpointType": kind,
        "VpcId": VPC,
        "Tags": tags(address, Name=service),
        **wanted,
    }
    return address, Wanted(asked_for, read)


def gateway_endpoint(service: str) -> tuple[str, Wanted]:
    return endpoint(service, "Gateway", RouteTableIds=["{network/private-routes-a}", "{network/private-routes-b}"])


def interface_endpoint(service: str) -> tuple[str, Wanted]:
    return endpoint(
        service,
        "Interface",
        PrivateDnsEnabled=True,
        SecurityGroupIds=["{network/endpoints-group}"],
        SubnetIds=["{network/private-a}", "{network/private-b}"],
    )


def rules(permissions: list[dict]) -> list[str]:
    """One text a rule: protocol, ports, source or target, description."""
    texts = []
    for one in permissions:
        assert not one.get("Ipv6Ranges") and not one.get("PrefixListIds")
        ports = f"{one['IpProtocol']} {one['FromPort']}-{one['ToPort']}"
        texts += [f"{ports} {r['CidrIp']} {r.get('Description')}" for r in one["IpRanges"]]
        texts += [f"{ports} {r['GroupId']} {r.get('Description')}" for r in one["UserIdGroupPairs"]]
    return texts


def group(name: str, about: str, ingress: list[str], egress: list[str]) -> tuple[str, Wanted]:
    """Rules are written "PORT OTHER WHY"; all are TCP."""
    address = f"network/{name}"

    def text(rule: str) -> str:
        port, other, why = rule.split(" ", 2)
        return f"tcp {port}-{port} {other if '/' in other else f'{{network/{other}}}'} {why}"

    def read(account: Account) -> dict:
        (found,) = account.ec2.describe_security_groups(GroupIds=[account.id(address)])["SecurityGroups"]
        return {
            "Description": found["Description"],
            "Egress": rules(found["IpPermissionsEgress"]),
            "GroupName": re.sub("-[0-9a-f]{8}$", "-*", found["GroupName"]),
            "Ingress": rules(found["IpPermissions"]),
            "VpcId": found["VpcId"],
            "Tags": account.tags(address),
        }

    return address, Wanted(
        {
            "Description": about,
            "Egress": [text(rule) for rule in egress],
            "GroupName": f"foundation-network-{name}-*",
            "Ingress": [text(rule) for rule in ingress],
            "VpcId": VPC,
            "Tags": tags(address, Name=name),
        },
        read,
    )


def default_group(account: Account) -> dict:
    wanted = [{"Name": "vpc-id", "Values": [account.id("network/vpc")]}, {"Name": "group-name", "Values": ["default"]}]
    (found,) = account.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    return {
        "Egress": rules(found["IpPermissionsEgress"]),
        "Ingress": rules(found["IpPermissions"]),
        "VpcId": found["VpcId"],
        "Tags": account.tags("network/default-group"),
    }


def flow_logs(account: Account) -> dict:
    (found,) = account.ec2.describe_flow_logs(FlowLogIds=[account.id("network/flow-logs")])["FlowLogs"]
    names = ("DeliverLogsPermissionArn", "LogDestinationType", "LogGroupName", "MaxAggregationInterval", "ResourceId", "TrafficType")
    # What kind of thing is watched is in no answer; its id says it.
    kind = {"vpc": "VPC", "subnet": "Subnet"}[found["ResourceId"].split("-")[0]]
    return {**some(found, *names), "ResourceType": kind, "Tags": account.tags("network/flow-logs")}


def log_group(name: str) -> Callable[[Account], dict]:
    """As CloudWatch Logs shows it."""

    def read(account: Account) -> dict:
        (found,) = [g for g in account.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] if g["logGroupName"] == name]
        arn = f"arn:aws:logs:ca-central-1:123456789012:log-group:{name}"
        seen = account.logs.list_tags_for_resource(resourceArn=arn)["tags"]
        shown = {**some(found, "kmsKeyId", "logGroupName", "retentionInDays"), "Tags": seen}
        shown["Tags"].pop("strata:token", None)
        return shown

    return read


def role(name: Callable[[Account], str]) -> Callable[[Account], dict]:
    """As IAM shows it, with its policies; members that are not there are left out."""

    def read(account: Account) -> dict:
        found = account.iam.get_role(RoleName=name(account))["Role"]
        attached = account.iam.list_attached_role_policies(RoleName=found["RoleName"])["AttachedPolicies"]
        inline = account.iam.list_role_policies(RoleName=found["RoleName"])["PolicyNames"]
        shown = {
            "AssumeRolePolicyDocument": document(found["AssumeRolePolicyDocument"]),
            "AttachedPolicies": sorted(p["PolicyArn"] for p in attached),
            "Description": found.get("Description"),
            "MaxSessionDuration": found["MaxSessionDuration"],
            "PermissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "Policies": {
                p: document(account.iam.get_role_policy(RoleName=found["RoleName"], PolicyName=p)["PolicyDocument"]) for p in inline
            },
            "RoleName": found["RoleName"],
            "Tags": {t["Key"]: t["Value"] for t in found["Tags"] if t["Key"] != "strata:token"},
        }
        return {name: value for name, value in shown.items() if value}

    return read


WANTED = {
    "network/vpc": Wanted(
        {
            "CidrBlock": "10.0.0.0/16",
            "EnableDnsHostnames": True,
            "EnableDnsSupport": True,
            "InstanceTenancy": "default",
            "Tags": tags("network/vpc", Name="network"),
        },
        vpc,
    ),
    "network/public-a": subnet("network/public-a", "ca-central-1a", "10.0.0.0/20"),
    "network/public-b": subnet("network/public-b", "ca-central-1b", "10.0.16.0/20"),
    "network/private-a": subnet("network/private-a", "ca-central-1a", "10.0.128.0/20"),
    "network/private-b": subnet("network/private-b", "ca-central-1b", "10.0.144.0/20"),
    "network/internet": Wanted({"VpcId": VPC, "Tags": tags("network/internet", Name="internet")}, gateway),
    "network/nat-address-a": Wanted({"Domain": "vpc", "Tags": tags("network/nat-address-a", Name="nat-a")}, address_of_nat),
    "network/nat-a": Wanted(
        {
            "AllocationId": "{network/nat-address-a}",
            "State": "available",
            "SubnetId": "{network/public-a}",
            "Tags": tags("network/nat-a", Name="nat-a"),
        },
        nat,
    ),
    "network/public-routes": table(
        "network/public-routes", "public", ["{network/public-a}", "{network/public-b}"], {"GatewayId": "{network/internet}"}
    ),
    "network/private-routes-a": table(
        "network/private-routes-a", "private-a", ["{network/private-a}"], {"NatGatewayId": "{network/nat-a}"}
    ),
    "network/private-routes-b": table(
        "network/private-routes-b", "private-b", ["{network/private-b}"], {"NatGatewayId": "{network/nat-a}"}
    ),
    **dict(
        [
            gateway_endpoint("s3"),
            gateway_endpoint("dynamodb"),
            interface_endpoint("ecr.api"),
            interface_endpoint("ecr.dkr"),
            interface_endpoint("secretsmanager"),
            interface_endpoint("logs"),
            interface_endpoint("sts"),
            interface_endpoint("kms"),
            interface_endpoint("glue"),
            interface_endpoint("ecs"),
            group(
                "alb-group",
                "Load balancer in front of the Prefect server",
                [
                    "443 0.0.0.0/0 HTTPS from anywhere",
                    "80 0.0.0.0/0 HTTP, redirected to HTTPS",
                    "443 workers-group Prefect API",
                    "443 tasks-group Prefect API",
                ],
                ["4200 server-group Prefect API"],
            ),
            group(
                "server-group",
                "Prefect server",
                ["4200 alb-group Prefect API"],
                [
                    "5432 database-group Prefect's own database",
                    "2049 files-group shared files",
                    "6379 cache-group message broker",
                    "443 endpoints-group AWS services",
                    "443 0.0.0.0/0 sources and AWS services outside",
                ],
            ),
            group(
                "workers-group",
                "Prefect workers",
                [],
                [
                    "443 alb-group Prefect API",
                    "5432 database-group staging and analytics",
                    "2049 files-group shared files",
                    "443 endpoints-group AWS services",
                    "443 0.0.0.0/0 sources and AWS services outside",
                ],
            ),
            group(
                "tasks-group",
                "One-off tasks: ingestion and dbt",
                [],
                [
                    "443 alb-group Prefect API",
                    "5432 database-group staging and analytics",
                    "2049 files-group shared files",
                    "443 endpoints-group AWS services",
                    "443 0.0.0.0/0 sources and AWS services outside",
                ],
            ),
            group(
                "database-group",
                "PostgreSQL",
                [
                    "5432 server-group Prefect's own database",
                    "5432 workers-group staging and analytics",
                    "5432 tasks-group staging and analytics",
                ],
                [],
            ),
            group(
                "files-group",
                "Shared files (EFS)",
                ["2049 server-group shared files", "2049 workers-group shared files", "2049 tasks-group shared files"],
                [],
            ),
            group("cache-group", "Redis", ["6379 server-group message broker"], []),
            group(
                "endpoints-group",
                "Interface endpoints of AWS services",
                ["443 server-group AWS services", "443 workers-group AWS services", "443 tasks-group AWS services"],
                [],
            ),
        ]
    ),
    "network/default-group": Wanted({"Egress": [], "Ingress": [], "VpcId": VPC, "Tags": tags("network/default-group")}, default_group),
    "network/flow-logs": Wanted(
        {
            "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/{network/flow-log-role}",
            "LogDestinationType": "cloud-watch-logs",
            "LogGroupName": "/local/foundation/flow-logs",
            "MaxAggregationInterval": 60,
            "ResourceId": VPC,
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "Tags": tags("network/flow-logs", Name="flow-logs"),
        },
        flow_logs,
    ),
    "network/flow-log-group": Wanted(
        {
            "kmsKeyId": None,
            "logGroupName": "/local/foundation/flow-logs",
            "retentionInDays": 7,
            "Tags": tags("network/flow-log-group"),
        },
        log_group("/local/foundation/flow-logs"),
    ),
    "network/flow-log-role": Wanted(
        {
            "AssumeRolePolicyDocument": trusted_service("vpc-flow-logs.amazonaws.com"),
            "MaxSessionDuration": 3600,
            "Policies": {
                "write": policy(
                    {
                        "Effect": "Allow",
                        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                        "Resource": ["arn:aws:logs:ca-central-1:123456789012:log-group:/local/foundation/flow-logs:*"],
                    }
                )
            },
            "RoleName": "{network/flow-log-role}",
            "Tags": tags("network/flow-log-role"),
        },
        role(lambda account: account.flow_log_role()),
    ),
}
