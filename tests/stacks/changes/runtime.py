"""Changes to what runs: cluster, service, database, logs, alarms."""

from account import ACCOUNT, PREFIX, REGION, Account, plain

from changes.change import Change, foreign, gone

WORKER = f"{PREFIX}-worker"
DATABASE = f"{PREFIX}-prefect"
PARAMETERS = f"{PREFIX}-prefect-16"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-alarms"
CLUSTER_ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{PREFIX}"


def cluster(account: Account) -> dict:
    return account.ecs.describe_clusters(clusters=[PREFIX], include=["SETTINGS", "TAGS"])["clusters"][0]


def service(account: Account) -> dict:
    return account.ecs.describe_services(cluster=PREFIX, services=[WORKER], include=["TAGS"])["services"][0]


def update_service(**changes):
    return lambda a: a.ecs.update_service(cluster=PREFIX, service=WORKER, **changes)


def latest_task(account: Account) -> dict:
    """What the newest revision of the worker's task runs; the newest that is active."""
    found = account.ecs.list_task_definitions(familyPrefix=WORKER, status="ACTIVE", sort="DESC")["taskDefinitionArns"]
    task = account.ecs.describe_task_definition(taskDefinition=found[0])["taskDefinition"] if found else {}
    return {name: task.get(name) for name in ("cpu", "memory", "executionRoleArn", "taskRoleArn", "requiresCompatibilities")}


def deregister_task(account: Account) -> None:
    for arn in account.ecs.list_task_definitions(familyPrefix=WORKER, status="ACTIVE")["taskDefinitionArns"]:
        account.ecs.deregister_task_definition(taskDefinition=arn)


def instance(account: Account) -> dict:
    return account.rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]


def modify_instance(**changes):
    return lambda a: a.rds.modify_db_instance(DBInstanceIdentifier=DATABASE, ApplyImmediately=True, **changes)


def parameters(account: Account) -> dict[str, str]:
    found = account.rds.describe_db_parameters(DBParameterGroupName=PARAMETERS, Source="user")["Parameters"]
    return {p["ParameterName"]: p["ParameterValue"] for p in found}


def set_parameter(name: str, value: str):
    changed = [{"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"}]
    return lambda a: a.rds.modify_db_parameter_group(DBParameterGroupName=PARAMETERS, Parameters=changed)


def subnet_group(account: Account) -> dict:
    return account.rds.describe_db_subnet_groups(DBSubnetGroupName=DATABASE)["DBSubnetGroups"][0]


def alarm(account: Account, name: str) -> dict:
    found = account.cloudwatch.describe_alarms(AlarmNames=[f"{PREFIX}-{name}"])["MetricAlarms"]
    return found[0] if found else {}


PUT = (
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "Dimensions",
    "Period",
    "EvaluationPeriods",
    "Threshold",
    "ComparisonOperator",
)


def change_alarm(name: str, **changes):
    """Puts the alarm again as it is, but for some members."""
    return lambda a: a.cloudwatch.put_metric_alarm(**{k: v for k, v in alarm(a, name).items() if k in PUT} | changes)


def log_group(account: Account) -> dict:
    return account.logs.describe_log_groups(logGroupNamePrefix=f"/{PREFIX}/worker")["logGroups"][0]


def subscriptions(account: Account) -> list[tuple]:
    found = account.sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    return sorted((s["Protocol"], s["Endpoint"]) for s in found)


def unsubscribe(account: Account) -> None:
    for one in account.sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]:
        account.sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])


def attached(account: Account, name: str) -> list[str]:
    return sorted(p["PolicyArn"] for p in account.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"])


EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"

CHANGES = [
    Change(
        "container insights are switched off",
        "orchestration/cluster",
        "settings[containerInsights].value",
        lambda a: cluster(a)["settings"],
        lambda a: a.ecs.update_cluster_settings(cluster=PREFIX, settings=[{"name": "containerInsights", "value": "disabled"}]),
        ("ecs:UpdateCluster",),
    ),
    Change(
        "tasks no longer run on spot capacity",
        "orchestration/cluster",
        "capacity.capacity_providers[FARGATE_SPOT]",
        lambda a: sorted(cluster(a)["capacityProviders"]),
        lambda a: a.ecs.put_cluster_capacity_providers(
            cluster=PREFIX, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=cluster(a)["defaultCapacityProviderStrategy"]
        ),
        ("ecs:PutClusterCapacityProviders",),
    ),
    Change(
        "a tag of the cluster is taken off",
        "orchestration/cluster",
        "tags[owner]",
        lambda a: plain(cluster(a)["tags"]).get("owner"),
        lambda a: a.ecs.untag_resource(resourceArn=CLUSTER_ARN, tagKeys=["owner"]),
        ("ecs:TagResource",),
    ),
    Change(
        "more workers run",
        "orchestration/worker",
        "desired_count",
        lambda a: service(a)["desiredCount"],
        update_service(desiredCount=5),
        ("ecs:UpdateService",),
    ),
    foreign(
        "people may look into the workers, of which the program says nothing",
        "orchestration/worker",
        "enable_execute_command",
        lambda a: service(a)["enableExecuteCommand"],
        update_service(enableExecuteCommand=True),
    ),
    gone(
        "the worker's task definition is deregistered, and the service needs another",
        "orchestration/worker-task",
        latest_task,
        deregister_task,
        "ecs:RegisterTaskDefinition",
    ),
    Change(
        "the database is another size",
        "orchestration/database",
        "db_instance_class",
        lambda a: instance(a)["DBInstanceClass"],
        modify_instance(DBInstanceClass="db.r6g.large"),
        ("rds:ModifyDBInstance",),
    ),
    foreign(
        "the database's storage has grown, as it may",
        "orchestration/database",
        "",
        lambda a: instance(a)["AllocatedStorage"],
        modify_instance(AllocatedStorage=30),
    ),
    foreign(
        "the database is maintained at another time, of which the program says nothing",
        "orchestration/database",
        "",
        lambda a: instance(a)["PreferredMaintenanceWindow"],
        modify_instance(PreferredMaintenanceWindow="sun:04:00-sun:05:00"),
    ),
    Change(
        "a tag of the database has another value",
        "orchestration/database",
        "tags[environment]",
        lambda a: plain(instance(a)["TagList"])["environment"],
        lambda a: a.rds.add_tags_to_resource(
            ResourceName=f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{DATABASE}", Tags=[{"Key": "environment", "Value": "prod"}]
        ),
        ("rds:AddTagsToResource",),
    ),
    Change(
        "connections without TLS are let in",
        "orchestration/database-parameters",
        "parameters[rds.force_ssl].parameter_value",
        lambda a: parameters(a).get("rds.force_ssl"),
        set_parameter("rds.force_ssl", "0"),
        ("rds:ModifyDBParameterGroup",),
    ),
    Change(
        "somebody sets a parameter of the database",
        "orchestration/database-parameters",
        "parameters[log_connections]",
        lambda a: parameters(a).get("log_connections"),
        set_parameter("log_connections", "1"),
        ("rds:ResetDBParameterGroup",),
    ),
    Change(
        "the database may stand in another subnet",
        "orchestration/database-subnets",
        ("subnet_ids[{network/private-b}]", "subnet_ids[{network/public-b}]"),
        lambda a: sorted(s["SubnetIdentifier"] for s in subnet_group(a)["Subnets"]),
        lambda a: a.rds.modify_db_subnet_group(DBSubnetGroupName=DATABASE, SubnetIds=[a.id("network/private-a"), a.id("network/public-b")]),
        ("rds:ModifyDBSubnetGroup",),
    ),
    Change(
        "an alarm sounds later",
        "orchestration/database-cpu-alarm",
        "threshold",
        lambda a: alarm(a, "database-cpu")["Threshold"],
        change_alarm("database-cpu", Threshold=99.0),
        ("cloudwatch:PutMetricAlarm",),
    ),
    foreign(
        "an alarm is silenced, of which the program says nothing",
        "orchestration/database-cpu-alarm",
        "actions_enabled",
        lambda a: alarm(a, "database-cpu")["ActionsEnabled"],
        lambda a: a.cloudwatch.disable_alarm_actions(AlarmNames=[f"{PREFIX}-database-cpu"]),
    ),
    Change(
        "an alarm tells nobody",
        "orchestration/worker-cpu-alarm",
        "alarm_actions",
        lambda a: alarm(a, "worker-cpu")["AlarmActions"],
        change_alarm("worker-cpu", AlarmActions=[]),
        ("cloudwatch:PutMetricAlarm",),
    ),
    gone(
        "an alarm is deleted",
        "orchestration/database-storage-alarm",
        lambda a: alarm(a, "database-storage").get("Threshold"),
        lambda a: a.cloudwatch.delete_alarms(AlarmNames=[f"{PREFIX}-database-storage"]),
        "cloudwatch:PutMetricAlarm",
    ),
    Change(
        "the topic is called otherwise",
        "orchestration/alarms",
        "display_name",
        lambda a: a.sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["DisplayName"],
        lambda a: a.sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="DisplayName", AttributeValue="theirs"),
        ("sns:SetTopicAttributes",),
    ),
    Change(
        "a tag of the topic is taken off",
        "orchestration/alarms",
        "tags[cost-center]",
        lambda a: plain(a.sns.list_tags_for_resource(ResourceArn=TOPIC)["Tags"]).get("cost-center"),
        lambda a: a.sns.untag_resource(ResourceArn=TOPIC, TagKeys=["cost-center"]),
        ("sns:TagResource",),
    ),
    gone("nobody is written to any more", "orchestration/email-0", subscriptions, unsubscribe, "sns:Subscribe"),
    Change(
        "logs are kept for ever",
        "orchestration/worker-logs",
        "retention_in_days",
        lambda a: log_group(a).get("retentionInDays"),
        lambda a: a.logs.delete_retention_policy(logGroupName=f"/{PREFIX}/worker"),
        ("logs:PutRetentionPolicy",),
    ),
    Change(
        "logs are no longer encrypted with our key",
        "orchestration/worker-logs",
        "kms_key_id",
        lambda a: log_group(a).get("kmsKeyId"),
        lambda a: a.logs.disassociate_kms_key(logGroupName=f"/{PREFIX}/worker"),
        ("logs:AssociateKmsKey",),
    ),
    Change(
        "a managed policy is detached from the role that starts tasks",
        "orchestration/execution-role",
        "attached_policies",
        lambda a: attached(a, f"{PREFIX}-execution"),
        lambda a: a.iam.detach_role_policy(RoleName=f"{PREFIX}-execution", PolicyArn=EXECUTION_POLICY),
        ("iam:AttachRolePolicy",),
    ),
    gone(
        "the worker's role is deleted with its policies",
        "orchestration/worker-role",
        lambda a: [r["RoleName"] for r in a.iam.list_roles()["Roles"] if r["RoleName"] == WORKER],
        lambda a: (
            a.iam.delete_role_policy(RoleName=WORKER, PolicyName="run-tasks"),
            a.iam.delete_role(RoleName=WORKER),
        ),
        "iam:CreateRole",
        "iam:PutRolePolicy",
    ),
]
