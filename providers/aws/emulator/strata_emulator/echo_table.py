"""What is kept and given back; one row for each kind of object. `echo.Row` says how to read it."""

from __future__ import annotations

from strata_emulator.echo import Row


def _document(kind: str, put: str, get: str, delete: str, *keep: str) -> Row:
    """An S3 sub-resource that one call puts, one shows and one deletes."""
    forget = (delete,) if delete else ()
    return Row("s3", kind, "Bucket", {put: list(keep)}, {get: ""}, forget=forget)


S3 = [
    _document(
        "notification",
        "PutBucketNotificationConfiguration",
        "GetBucketNotificationConfiguration",
        "",
        "NotificationConfiguration.EventBridgeConfiguration>EventBridgeConfiguration",
    ),
    _document(
        "logging",
        "PutBucketLogging",
        "GetBucketLogging",
        "",
        "BucketLoggingStatus.LoggingEnabled.TargetObjectKeyFormat>LoggingEnabled.TargetObjectKeyFormat",
    ),
    _document(
        "encryption",
        "PutBucketEncryption",
        "GetBucketEncryption",
        "DeleteBucketEncryption",
        "ServerSideEncryptionConfiguration",
    ),
    _document(
        "lifecycle",
        "PutBucketLifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        "LifecycleConfiguration.Rules>Rules",
        "TransitionDefaultMinimumObjectSize",
    ),
    _document(
        "replication",
        "PutBucketReplication",
        "GetBucketReplication",
        "DeleteBucketReplication",
        "ReplicationConfiguration",
    ),
    _document(
        "object-lock",
        "PutObjectLockConfiguration",
        "GetObjectLockConfiguration",
        "",
        "ObjectLockConfiguration",
    ),
]

EC2 = [
    Row(
        "ec2",
        "Subnet",
        "SubnetId",
        {
            "CreateSubnet": [],
            "ModifySubnetAttribute": [
                "EnableDns64.Value>EnableDns64",
                "EnableLniAtDeviceIndex",
                "MapCustomerOwnedIpOnLaunch.Value>MapCustomerOwnedIpOnLaunch",
                "CustomerOwnedIpv4Pool",
                "PrivateDnsHostnameTypeOnLaunch>PrivateDnsNameOptionsOnLaunch.HostnameType",
                "EnableResourceNameDnsAAAARecordOnLaunch.Value"
                ">PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord",
            ],
        },
        {"DescribeSubnets": "Subnets", "CreateSubnet": "Subnet"},
        item_key="SubnetId",
        forget=("DeleteSubnet",),
        defaults={"EnableDns64": False},
    ),
    Row(
        "ec2",
        "VpcEndpoint",
        "VpcEndpointId",
        {
            "CreateVpcEndpoint": ["IpAddressType", "DnsOptions"],
            "ModifyVpcEndpoint": ["IpAddressType", "DnsOptions"],
        },
        {"DescribeVpcEndpoints": "VpcEndpoints", "CreateVpcEndpoint": "VpcEndpoint"},
        item_key="VpcEndpointId",
        defaults={"IpAddressType": "ipv4", "DnsOptions": {"DnsRecordIpType": "ipv4"}},
    ),
    Row(
        "ec2",
        "FlowLog",
        "FlowLogId",
        {},  # kept by mends/ec2_network.py, because one call makes several
        {"DescribeFlowLogs": "FlowLogs"},
        item_key="FlowLogId",
    ),
]

IAM = [
    Row(
        "iam",
        "User",
        "UserName",
        {},  # kept by mends/iam.py
        {"GetUser": "User", "CreateUser": "User"},
        item_key="UserName",
        forget=("DeleteUser",),
    ),
]

ECS = [
    Row(
        "ecs",
        "TaskDefinition",
        "-",
        {"RegisterTaskDefinition": ["enableFaultInjection"]},
        {"RegisterTaskDefinition": "taskDefinition", "DescribeTaskDefinition": "taskDefinition"},
        item_key="taskDefinitionArn",
    ),
]

RDS_MEMBERS = [
    "EnablePerformanceInsights>PerformanceInsightsEnabled",
    "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod",
    "DatabaseInsightsMode",
    "NetworkType",
    "DedicatedLogVolume",
    "EngineLifecycleSupport",
    "BackupTarget",
    "CustomIamInstanceProfile",
    "NcharCharacterSetName",
    "StorageThroughput",
]

RDS = [
    Row(
        "rds",
        "DBInstance",
        "DBInstanceIdentifier",
        {"CreateDBInstance": RDS_MEMBERS, "ModifyDBInstance": RDS_MEMBERS},
        {
            "CreateDBInstance": "DBInstance",
            "ModifyDBInstance": "DBInstance",
            "DescribeDBInstances": "DBInstances",
        },
        item_key="DBInstanceIdentifier",
        forget=("DeleteDBInstance",),
        defaults={
            "PerformanceInsightsEnabled": False,
            "DatabaseInsightsMode": "standard",
            "NetworkType": "IPV4",
            "DedicatedLogVolume": False,
            "EngineLifecycleSupport": "open-source-rds-extended-support",
            "BackupTarget": "region",
            "CustomerOwnedIpEnabled": False,
            "ActivityStreamStatus": "stopped",
        },
    ),
]

GLUE = [
    Row(
        "glue",
        "Job",
        "Name",
        {"CreateJob": ["JobMode", "MaintenanceWindow", "JobRunQueuingEnabled"]},
        {"GetJob": "Job", "GetJobs": "Jobs", "BatchGetJobs": "Jobs"},
        item_key="Name",
    ),
    Row(
        "glue",
        "Crawler",
        "Name",
        {"CreateCrawler": ["LakeFormationConfiguration"]},
        {"GetCrawler": "Crawler", "GetCrawlers": "Crawlers", "BatchGetCrawlers": "Crawlers"},
        item_key="Name",
        forget=("DeleteCrawler",),
    ),
    Row(
        "glue",
        "Database",
        "DatabaseInput.Name",
        {
            "CreateDatabase": ["DatabaseInput.FederatedDatabase>FederatedDatabase"],
            "UpdateDatabase": ["DatabaseInput.FederatedDatabase>FederatedDatabase"],
        },
        {"GetDatabase": "Database", "GetDatabases": "DatabaseList"},
        item_key="Name",
    ),
]

LOGS = [
    Row(
        "logs",
        "LogGroup",
        "logGroupName",
        {"CreateLogGroup": ["logGroupClass", "deletionProtectionEnabled"]},
        {"DescribeLogGroups": "logGroups"},
        item_key="logGroupName",
        forget=("DeleteLogGroup",),
        defaults={"logGroupClass": "STANDARD", "deletionProtectionEnabled": False},
    ),
]

DYNAMODB = [
    Row(
        "dynamodb",
        "Table",
        "TableName",
        {
            "CreateTable": ["TableClass>TableClassSummary.TableClass", "OnDemandThroughput"],
            "UpdateTable": ["TableClass>TableClassSummary.TableClass", "OnDemandThroughput"],
        },
        {
            "CreateTable": "TableDescription",
            "UpdateTable": "TableDescription",
            "DescribeTable": "Table",
        },
        item_key="TableName",
        forget=("DeleteTable",),
    ),
]

ECR = [
    Row(
        "ecr",
        "Repository",
        "repositoryName",
        {
            "CreateRepository": ["imageTagMutabilityExclusionFilters"],
            "PutImageTagMutability": ["imageTagMutabilityExclusionFilters"],
        },
        {
            "CreateRepository": "repository",
            "PutImageTagMutability": "",
            "DescribeRepositories": "repositories",
        },
        item_key="repositoryName",
        forget=("DeleteRepository",),
    ),
]

ROWS = [*DYNAMODB, *EC2, *ECR, *ECS, *GLUE, *IAM, *LOGS, *RDS, *S3]
