"""Stack orchestration: cluster, service, database, logs, alarms."""

from account import Account, plain

from intent.network import log_group, role
from intent.wanted import Wanted, policy, some, tags, trusted_service

TOPIC = "arn:aws:sns:ca-central-1:123456789012:findata-local-alarms"
STRATEGY = [
    {"base": 0, "capacityProvider": "FARGATE", "weight": 0},
    {"base": 0, "capacityProvider": "FARGATE_SPOT", "weight": 1},
]
EXECUTION_ROLE = "arn:aws:iam::123456789012:role/findata-local-execution"
TASK = "arn:aws:ecs:ca-central-1:123456789012:task-definition/findata-local-worker:1"


def strategy(items: list[dict]) -> list[dict]:
    """A base that is not said is 0."""
    return sorted(({"base": 0, **item} for item in items), key=lambda item: item["capacityProvider"])


def cluster(account: Account) -> dict:
    (found,) = account.ecs.describe_clusters(clusters=["findata-local"], include=["SETTINGS", "TAGS"])["clusters"]
    return {
        "clusterName": found["clusterName"],
        "capacity": {
            "capacityProviders": sorted(found["capacityProviders"]),
            "defaultCapacityProviderStrategy": strategy(found["defaultCapacityProviderStrategy"]),
        },
        "settings": found["settings"],
        "status": found["status"],
        "Tags": plain(found["tags"]),
    }


SERVICE = {
    "capacityProviderStrategy": STRATEGY,
    "cluster": "arn:aws:ecs:ca-central-1:123456789012:cluster/findata-local",
    "deploymentConfiguration": {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
    },
    "desiredCount": 1,
    "enableECSManagedTags": True,
    "networkConfiguration": {
        "awsvpcConfiguration": {
            "assignPublicIp": "DISABLED",
            "securityGroups": ["{network/workers-group}"],
            "subnets": ["{network/private-a}", "{network/private-b}"],
        }
    },
    "propagateTags": "SERVICE",
    "serviceName": "findata-local-worker",
    "taskDefinition": TASK,
}


def service(account: Account) -> dict:
    wanted = {"cluster": "findata-local", "services": ["findata-local-worker"], "include": ["TAGS"]}
    (found,) = account.ecs.describe_services(**wanted)["services"]
    deployment = some(found["deploymentConfiguration"], *SERVICE["deploymentConfiguration"])
    network = found["networkConfiguration"]["awsvpcConfiguration"]
    return {
        **some(found, *SERVICE),
        "capacityProviderStrategy": strategy(found["capacityProviderStrategy"]),
        "cluster": found["clusterArn"],
        "deploymentConfiguration": deployment,
        "launchType": found.get("launchType"),
        "networkConfiguration": {"awsvpcConfiguration": {**network, "subnets": sorted(network["subnets"])}},
        "status": found["status"],
        "Tags": plain(found["tags"]),
    }


CONTAINER = {
    "command": ["prefect", "worker", "start", "--pool", "lightweight-pool", "--type", "ecs"],
    "environment": [{"name": "PREFECT_LOGGING_LEVEL", "value": "INFO"}],
    "essential": True,
    "image": "prefecthq/prefect:3-latest",
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "/findata-local/worker",
            "awslogs-region": "ca-central-1",
            "awslogs-stream-prefix": "worker",
        },
    },
    "name": "worker",
}


def task(account: Account) -> dict:
    answer = account.ecs.describe_task_definition(taskDefinition="findata-local-worker", include=["TAGS"])
    found = answer["taskDefinition"]
    names = ("cpu", "executionRoleArn", "family", "memory", "networkMode", "requiresCompatibilities", "runtimePlatform", "taskRoleArn")
    return {
        **some(found, *names),
        "containerDefinitions": [some(container, *CONTAINER) for container in found["containerDefinitions"]],
        "Tags": plain(answer["tags"]),
    }


DATABASE = {
    "AllocatedStorage": 20,
    "AutoMinorVersionUpgrade": True,
    "BackupRetentionPeriod": 1,
    "CopyTagsToSnapshot": True,
    "DBInstanceClass": "db.t4g.micro",
    "DBInstanceIdentifier": "findata-local-prefect",
    "DBName": "prefect",
    "DeletionProtection": False,
    "Engine": "postgres",
    "EngineVersion": "16.4",
    "KmsKeyId": "arn:aws:kms:ca-central-1:123456789012:key/{security/database-key}",
    "MasterUsername": "prefect",
    "MaxAllocatedStorage": 50,
    "MultiAZ": False,
    "PubliclyAccessible": False,
    "StorageEncrypted": True,
    "StorageType": "gp3",
}


def database(account: Account) -> dict:
    (found,) = account.rds.describe_db_instances(DBInstanceIdentifier="findata-local-prefect")["DBInstances"]
    return {
        **some(found, *DATABASE),
        "DBParameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"],
        "DBSubnetGroupName": found["DBSubnetGroup"]["DBSubnetGroupName"],
        "EnableCloudwatchLogsExports": found["EnabledCloudwatchLogsExports"],
        "ManageMasterUserPassword": bool(found.get("MasterUserSecret", {}).get("SecretArn")),
        "Tags": plain(found["TagList"]),
        "VpcSecurityGroupIds": [g["VpcSecurityGroupId"] for g in found["VpcSecurityGroups"]],
    }


def rds_tags(account: Account, kind: str, name: str) -> dict:
    arn = f"arn:aws:rds:ca-central-1:123456789012:{kind}:{name}"
    return plain(account.rds.list_tags_for_resource(ResourceName=arn)["TagList"])


def parameters(account: Account) -> dict:
    name = "findata-local-prefect-16"
    (found,) = account.rds.describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"]
    own = account.rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
    return {
        **some(found, "DBParameterGroupFamily", "DBParameterGroupName", "Description"),
        "Parameters": {p["ParameterName"]: (p["ParameterValue"], p["ApplyMethod"]) for p in own},
        "Tags": rds_tags(account, "pg", name),
    }


def subnets(account: Account) -> dict:
    (found,) = account.rds.describe_db_subnet_groups(DBSubnetGroupName="findata-local-prefect")["DBSubnetGroups"]
    return {
        **some(found, "DBSubnetGroupDescription", "DBSubnetGroupName"),
        "SubnetIds": sorted(s["SubnetIdentifier"] for s in found["Subnets"]),
        "Tags": rds_tags(account, "subgrp", "findata-local-prefect"),
    }


def topic(account: Account) -> dict:
    found = account.sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]
    return {
        "DisplayName": found["DisplayName"],
        "Name": found["TopicArn"].split(":")[-1],
        "Tags": plain(account.sns.list_tags_for_resource(ResourceArn=TOPIC)["Tags"]),
    }


def subscription(account: Account) -> dict:
    (found,) = account.sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    return some(found, "Endpoint", "Protocol", "TopicArn")


def alarm(name: str, about: str, metric: str, dimensions: dict[str, str], comparison: str, threshold: float) -> tuple[str, Wanted]:
    address = f"orchestration/{name}-alarm"
    full_name = f"findata-local-{name}"
    wanted = {
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "AlarmDescription": about,
        "AlarmName": full_name,
        "ComparisonOperator": comparison,
        "EvaluationPeriods": 3,
        "InsufficientDataActions": [],
        "MetricName": metric.split(" ")[1],
        "Namespace": metric.split(" ")[0],
        "OKActions": [TOPIC],
        "Period": 300,
        "Statistic": "Average",
        "Threshold": threshold,
    }

    def read(account: Account) -> dict:
        (found,) = account.cloudwatch.describe_alarms(AlarmNames=[full_name])["MetricAlarms"]
        seen = account.cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
        return {
            **some(found, *wanted),
            "Dimensions": {d["Name"]: d["Value"] for d in found["Dimensions"]},
            "Tags": plain(seen),
        }

    return address, Wanted({**wanted, "Dimensions": dimensions, "Tags": tags(address)}, read)


WANTED = {
    "orchestration/cluster": Wanted(
        {
            "clusterName": "findata-local",
            "capacity": {"capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": STRATEGY},
            "settings": [{"name": "containerInsights", "value": "enabled"}],
            "status": "ACTIVE",
            "Tags": tags("orchestration/cluster"),
        },
        cluster,
    ),
    "orchestration/worker": Wanted({**SERVICE, "launchType": None, "status": "ACTIVE", "Tags": tags("orchestration/worker")}, service),
    "orchestration/worker-task": Wanted(
        {
            "containerDefinitions": [CONTAINER],
            "cpu": "256",
            "executionRoleArn": EXECUTION_ROLE,
            "family": "findata-local-worker",
            "memory": "512",
            "networkMode": "awsvpc",
            "requiresCompatibilities": ["FARGATE"],
            "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            "taskRoleArn": "arn:aws:iam::123456789012:role/findata-local-worker",
            "Tags": tags("orchestration/worker-task"),
        },
        task,
    ),
    "orchestration/execution-role": Wanted(
        {
            "AssumeRolePolicyDocument": trusted_service("ecs-tasks.amazonaws.com"),
            "AttachedPolicies": ["arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"],
            "Description": "Starts tasks: pulls images, writes logs",
            "MaxSessionDuration": 3600,
            "RoleName": "findata-local-execution",
            "Tags": tags("orchestration/execution-role"),
        },
        role(lambda _: "findata-local-execution"),
    ),
    "orchestration/worker-role": Wanted(
        {
            "AssumeRolePolicyDocument": trusted_service("ecs-tasks.amazonaws.com"),
            "Description": "Prefect worker",
            "MaxSessionDuration": 3600,
            "Policies": {
                "run-tasks": policy(
                    {
                        "Effect": "Allow",
                        "Action": ["ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks"],
                        "Resource": ["*"],
                        "Condition": {"ArnEquals": {"ecs:cluster": ["arn:aws:ecs:ca-central-1:123456789012:cluster/findata-local"]}},
                    },
                    {
                        "Effect": "Allow",
                        "Action": ["ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "ecs:DescribeTaskDefinition"],
                        "Resource": ["*"],
                    },
                    {
                        "Effect": "Allow",
                        "Action": "iam:PassRole",
                        "Resource": [EXECUTION_ROLE, "arn:aws:iam::123456789012:role/findata-local-*"],
                        "Condition": {"StringEquals": {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}},
                    },
                )
            },
            "RoleName": "findata-local-worker",
            "Tags": tags("orchestration/worker-role"),
        },
        role(lambda _: "findata-local-worker"),
    ),
    "orchestration/worker-logs": Wanted(
        {
            "kmsKeyId": "arn:aws:kms:ca-central-1:123456789012:key/{security/logs-key}",
            "logGroupName": "/findata-local/worker",
            "retentionInDays": 7,
            "Tags": tags("orchestration/worker-logs"),
        },
        log_group("/findata-local/worker"),
    ),
    "orchestration/database": Wanted(
        {
            **DATABASE,
            "DBParameterGroupName": "findata-local-prefect-16",
            "DBSubnetGroupName": "findata-local-prefect",
            "EnableCloudwatchLogsExports": ["postgresql"],
            "ManageMasterUserPassword": True,
            "Tags": tags("orchestration/database"),
            "VpcSecurityGroupIds": ["{network/database-group}"],
        },
        database,
    ),
    "orchestration/database-parameters": Wanted(
        {
            "DBParameterGroupFamily": "postgres16",
            "DBParameterGroupName": "findata-local-prefect-16",
            "Description": "TLS only",
            "Parameters": {"rds.force_ssl": ["1", "immediate"], "log_min_duration_statement": ["1000", "immediate"]},
            "Tags": tags("orchestration/database-parameters"),
        },
        parameters,
    ),
    "orchestration/database-subnets": Wanted(
        {
            "DBSubnetGroupDescription": "Private subnets",
            "DBSubnetGroupName": "findata-local-prefect",
            "SubnetIds": ["{network/private-a}", "{network/private-b}"],
            "Tags": tags("orchestration/database-subnets"),
        },
        subnets,
    ),
    "orchestration/alarms": Wanted(
        {"DisplayName": "Platform alarms", "Name": "findata-local-alarms", "Tags": tags("orchestration/alarms")}, topic
    ),
    "orchestration/email-0": Wanted({"Endpoint": "data-platform@example.com", "Protocol": "email", "TopicArn": TOPIC}, subscription),
    **dict(
        [
            alarm(
                "database-cpu",
                "P2: the database is busy",
                "AWS/RDS CPUUtilization",
                {"DBInstanceIdentifier": "findata-local-prefect"},
                "GreaterThanThreshold",
                80.0,
            ),
            alarm(
                "database-storage",
                "P1: the database runs out of storage",
                "AWS/RDS FreeStorageSpace",
                {"DBInstanceIdentifier": "findata-local-prefect"},
                "LessThanThreshold",
                5.0 * 1024**3,
            ),
            alarm(
                "worker-cpu",
                "P4: the workers are busy",
                "AWS/ECS CPUUtilization",
                {"ClusterName": "findata-local", "ServiceName": "findata-local-worker"},
                "GreaterThanThreshold",
                85.0,
            ),
        ]
    ),
}
