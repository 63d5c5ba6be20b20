"""What exists of each resource type, asked of the emulator by boto3: the other opinion beside Strata's state.

Ids are written as state writes them. What AWS puts there by itself (the default network and all in it, the groups and lists that a network is
born with) is left out, and so is what is only remembered (a deleted gateway, a key whose deletion is scheduled)."""

from __future__ import annotations

from collections.abc import Callable

import jmespath
from emulation import Clients, Emulation

Ids = list[str]


def listed(service: str, operation: str, path: str, **parameters) -> Callable[[Clients], Ids]:
    """The ids at `path` (JMESPath) of one answer."""
    found = jmespath.compile(path)
    return lambda aws: found.search(getattr(aws(service), operation)(**parameters)) or []


def own_networks(aws: Clients) -> Ids:
    return [vpc["VpcId"] for vpc in aws("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]


def in_own_networks(operation: str, answer: str, name: str, keep=lambda thing: True) -> Callable[[Clients], Ids]:
    def ids(aws: Clients) -> Ids:
        own = own_networks(aws)
        return [thing[name] for thing in getattr(aws("ec2"), operation)()[answer] if thing["VpcId"] in own and keep(thing)]

    return ids


def claimed_default_groups(aws: Clients) -> Ids:
    """A network's default group is there without anybody's doing; taken over, it carries the address of the resource."""
    groups = aws("ec2").describe_security_groups()["SecurityGroups"]
    return [
        group["GroupId"]
        for group in groups
        if any(tag["Key"] == "strata:address" for tag in group.get("Tags", [])) and group["GroupName"] == "default"
    ]


def own_gateways(aws: Clients) -> Ids:
    default = {vpc["VpcId"] for vpc in aws("ec2").describe_vpcs()["Vpcs"] if vpc["IsDefault"]}
    gateways = aws("ec2").describe_internet_gateways()["InternetGateways"]
    return [gateway["InternetGatewayId"] for gateway in gateways if not default & {at["VpcId"] for at in gateway["Attachments"]}]


def keys(aws: Clients) -> Ids:
    found = [aws("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in aws("kms").list_keys()["Keys"]]
    return [key["KeyId"] for key in found if key["KeyManager"] == "CUSTOMER" and not key["KeyState"].startswith("Pending")]


def below(service: str, parents: str, each: str, operation: str, parameter: str, path: str, sign: str) -> Callable[[Clients], Ids]:
    """Things that are listed parent by parent, and whose ids begin with the parent's name."""

    def ids(aws: Clients) -> Ids:
        client = aws(service)
        names = jmespath.search(each, getattr(client, parents)()) or []
        return [
            f"{name}{sign}{thing}"
            for name in names
            for thing in jmespath.search(path, getattr(client, operation)(**{parameter: name})) or []
        ]

    return ids


def services(aws: Clients) -> Ids:
    clusters = aws("ecs").list_clusters()["clusterArns"]
    arns = [(cluster, arn) for cluster in clusters for arn in aws("ecs").list_services(cluster=cluster)["serviceArns"]]
    found = [(c, s) for c, arn in arns for s in aws("ecs").describe_services(cluster=c, services=[arn])["services"]]
    return [f"{cluster.split('/')[-1]}|{service['serviceName']}" for cluster, service in found if service["status"] != "INACTIVE"]


def metric_filters(aws: Clients) -> Ids:
    return [f"{found['logGroupName']}|{found['filterName']}" for found in aws("logs").describe_metric_filters()["metricFilters"]]


def password_policy(aws: Clients) -> Ids:
    try:
        aws("iam").get_account_password_policy()
    except aws("iam").exceptions.NoSuchEntityException:
        return []
    return ["account-password-policy"]


LISTS: dict[str, Callable[[Clients], Ids]] = {
    "aws.cloudwatch.Alarm": listed("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    "aws.dynamodb.Table": listed("dynamodb", "list_tables", "TableNames"),
    "aws.ec2.DefaultSecurityGroup": claimed_default_groups,
    "aws.ec2.Eip": listed("ec2", "describe_addresses", "Addresses[].AllocationId"),
    "aws.ec2.FlowLog": listed("ec2", "describe_flow_logs", "FlowLogs[].FlowLogId"),
    "aws.ec2.InternetGateway": own_gateways,
    "aws.ec2.NatGateway": listed("ec2", "describe_nat_gateways", "NatGateways[?State!='deleted'].NatGatewayId"),
    "aws.ec2.NetworkAcl": in_own_networks("describe_network_acls", "NetworkAcls", "NetworkAclId", lambda acl: not acl["IsDefault"]),
    "aws.ec2.RouteTable": in_own_networks(
        "describe_route_tables", "RouteTables", "RouteTableId", lambda table: not any(a["Main"] for a in table["Associations"])
    ),
    "aws.ec2.SecurityGroup": in_own_networks(
        "describe_security_groups", "SecurityGroups", "GroupId", lambda group: group["GroupName"] != "default"
    ),
    "aws.ec2.Subnet": in_own_networks("describe_subnets", "Subnets", "SubnetId"),
    "aws.ec2.Vpc": own_networks,
    "aws.ec2.VpcEndpoint": listed("ec2", "describe_vpc_endpoints", "VpcEndpoints[?State!='deleted'].VpcEndpointId"),
    "aws.ecr.Repository": listed("ecr", "describe_repositories", "repositories[].repositoryName"),
    "aws.ecs.Cluster": lambda aws: [arn.split("/")[-1] for arn in aws("ecs").list_clusters()["clusterArns"]],
    "aws.ecs.Service": services,
    "aws.ecs.TaskDefinition": listed("ecs", "list_task_definitions", "taskDefinitionArns", status="ACTIVE"),
    "aws.glue.Crawler": listed("glue", "get_crawlers", "Crawlers[].Name"),
    "aws.glue.Database": listed("glue", "get_databases", "DatabaseList[].Name"),
    "aws.glue.Job": listed("glue", "get_jobs", "Jobs[].Name"),
    "aws.glue.Table": below("glue", "get_databases", "DatabaseList[].Name", "get_tables", "DatabaseName", "TableList[].Name", "|"),
    "aws.iam.AccountPasswordPolicy": password_policy,
    "aws.iam.Group": listed("iam", "list_groups", "Groups[].GroupName"),
    "aws.iam.InstanceProfile": listed("iam", "list_instance_profiles", "InstanceProfiles[].InstanceProfileName"),
    "aws.iam.OidcProvider": listed("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList[].Arn"),
    "aws.iam.Policy": listed("iam", "list_policies", "Policies[].Arn", Scope="Local"),
    "aws.iam.Role": listed("iam", "list_roles", "Roles[].RoleName"),
    "aws.iam.User": listed("iam", "list_users", "Users[].UserName"),
    "aws.kms.Alias": listed("kms", "list_aliases", "Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"),
    "aws.kms.Key": keys,
    "aws.logs.LogGroup": listed("logs", "describe_log_groups", "logGroups[].logGroupName"),
    "aws.logs.MetricFilter": metric_filters,
    "aws.rds.Instance": listed("rds", "describe_db_instances", "DBInstances[].DBInstanceIdentifier"),
    "aws.rds.ParameterGroup": listed("rds", "describe_db_parameter_groups", "DBParameterGroups[].DBParameterGroupName"),
    "aws.rds.SubnetGroup": listed("rds", "describe_db_subnet_groups", "DBSubnetGroups[].DBSubnetGroupName"),
    "aws.s3.Bucket": listed("s3", "list_buckets", "Buckets[].Name"),
    "aws.s3.Object": below("s3", "list_buckets", "Buckets[].Name", "list_objects_v2", "Bucket", "Contents[].Key", "/"),
    "aws.secretsmanager.Secret": listed("secretsmanager", "list_secrets", "SecretList[].Name"),
    "aws.sns.Subscription": listed("sns", "list_subscriptions", "Subscriptions[].SubscriptionArn"),
    "aws.sns.Topic": listed("sns", "list_topics", "Topics[].TopicArn"),
    "aws.sqs.Queue": listed("sqs", "list_queues", "QueueUrls"),
    "aws.ssm.Parameter": listed("ssm", "describe_parameters", "Parameters[].Name"),
}


def existing(clients: Clients, emulation: Emulation, types: list[str]) -> set[tuple[str, str]]:
    """Type and id of everything there is of these types."""
    aws = clients.at(emulation)
    return {(kind, thing) for kind in types for thing in LISTS[kind](aws)}
