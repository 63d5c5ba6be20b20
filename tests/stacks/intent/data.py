"""Stack data-lake: buckets and catalog."""

from account import Account, asked, bucket, document, plain

from intent.network import role
from intent.wanted import Wanted, policy, some, tags, trusted_service

CLOSED = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
LAKE_KEY = "arn:aws:kms:ca-central-1:123456789012:key/{security/lake-key}"
BY_THE_LAKES_KEY = {
    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": LAKE_KEY},
    "BucketKeyEnabled": True,
}
BY_S3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
TO_ARCHIVE = [{"Id": "archive", "Status": "Enabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 90}]}]


def tls_only(name: str) -> dict:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Action": "s3:*",
        "Principal": "*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": ["false"]}},
    }


def access_logs(name: str) -> dict:
    return {
        "Sid": "AccessLogs",
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Principal": {"Service": ["logging.s3.amazonaws.com"]},
        "Resource": [f"arn:aws:s3:::{name}/*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": ["123456789012"]}},
    }


def lifecycle(expire_days: int | None, transitions: dict[str, int]) -> list[dict]:
    """The one rule of every bucket; days by storage class."""
    rule = {
        "ID": "keep",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    if expire_days:
        rule["Expiration"] = {"Days": expire_days}
    if transitions:
        rule["Transitions"] = [{"Days": days, "StorageClass": name} for name, days in transitions.items()]
    return [rule]


def read_bucket(account: Account, purpose: str) -> dict:
    """All of its settings, also those that the program leaves alone."""
    s3, name = account.s3, bucket(purpose)
    policy_text = asked(lambda: s3.get_bucket_policy(**name), "Policy")
    logging = s3.get_bucket_logging(**name).get("LoggingEnabled")
    notification = s3.get_bucket_notification_configuration(**name)
    notification.pop("ResponseMetadata")
    return {
        "Accelerate": s3.get_bucket_accelerate_configuration(**name).get("Status"),
        "Bucket": s3.head_bucket(**name) and name["Bucket"],
        "Cors": asked(lambda: s3.get_bucket_cors(**name), "CORSRules"),
        "Encryption": s3.get_bucket_encryption(**name)["ServerSideEncryptionConfiguration"]["Rules"],
        "IntelligentTiering": s3.list_bucket_intelligent_tiering_configurations(**name).get("IntelligentTieringConfigurationList"),
        "Lifecycle": s3.get_bucket_lifecycle_configuration(**name)["Rules"],
        "Location": s3.get_bucket_location(**name)["LocationConstraint"],
        "Logging": some(logging, "TargetBucket", "TargetPrefix") if logging else None,
        "Notification": notification,
        "Ownership": s3.get_bucket_ownership_controls(**name)["OwnershipControls"]["Rules"],
        "Policy": document(policy_text) if policy_text else None,
        "PublicAccessBlock": s3.get_public_access_block(**name)["PublicAccessBlockConfiguration"],
        "Replication": asked(lambda: s3.get_bucket_replication(**name), "ReplicationConfiguration"),
        "Tags": plain(s3.get_bucket_tagging(**name)["TagSet"]),
        "Versioning": s3.get_bucket_versioning(**name).get("Status"),
    }


def lake_bucket(purpose: str, *, expire=None, transitions=None, tiering=None, notification=None, **more) -> tuple[str, Wanted]:
    address = f"lake/{purpose}"
    name = f"findata-local-{purpose}-123456789012"
    wanted = {
        "Accelerate": None,
        "Bucket": name,
        "Cors": None,
        "Encryption": [BY_THE_LAKES_KEY],
        "IntelligentTiering": tiering,
        "Lifecycle": lifecycle(expire, transitions or {}),
        "Location": "ca-central-1",
        "Logging": {"TargetBucket": "findata-local-access-logs-123456789012", "TargetPrefix": f"{purpose}/"},
        "Notification": notification or {},
        "Ownership": [{"ObjectOwnership": "BucketOwnerEnforced"}],
        "Policy": policy(tls_only(name)),
        "PublicAccessBlock": CLOSED,
        "Replication": None,
        "Tags": tags(address, zone=purpose),
        "Versioning": "Enabled",
        **more,
    }
    return address, Wanted(wanted, lambda account: read_bucket(account, purpose))


def database(zone: str) -> tuple[str, Wanted]:
    address = f"lake/{zone}-database"
    name = f"findata_local_{zone}"

    def read(account: Account) -> dict:
        found = account.glue.get_database(Name=name)["Database"]
        seen = account.glue.get_tags(ResourceArn=f"arn:aws:glue:ca-central-1:123456789012:database/{name}")["Tags"]
        return {
            **some(found, "Description", "LocationUri", "Name"),
            "Tags": {k: v for k, v in seen.items() if k != "strata:token"},
        }

    return address, Wanted(
        {
            "Description": f"Tables of the {zone} zone",
            "LocationUri": f"s3://findata-local-{zone}-123456789012/",
            "Name": name,
            "Tags": tags(address),
        },
        read,
    )


def crawler(account: Account) -> dict:
    found = account.glue.get_crawler(Name="findata-local-bronze")["Crawler"]
    seen = account.glue.get_tags(ResourceArn="arn:aws:glue:ca-central-1:123456789012:crawler/findata-local-bronze")["Tags"]
    return {
        **some(found, "DatabaseName", "Name"),
        "Role": found["Role"].split("/")[-1],
        "Schedule": found.get("Schedule", {}).get("ScheduleExpression"),
        "Tags": {k: v for k, v in seen.items() if k != "strata:token"},
        "Targets": {kind: [t["Path"] for t in places] for kind, places in found["Targets"].items() if places},
    }


WANTED = {
    **dict(
        [
            lake_bucket(
                "access-logs",
                expire=30,
                Encryption=[BY_S3],
                Logging=None,
                Policy=policy(tls_only("findata-local-access-logs-123456789012"), access_logs("findata-local-access-logs-123456789012")),
            ),
            lake_bucket(
                "bronze",
                transitions={"STANDARD_IA": 30, "GLACIER": 90},
                tiering=TO_ARCHIVE,
                notification={"EventBridgeConfiguration": {}},
            ),
            lake_bucket("silver", expire=730, transitions={"STANDARD_IA": 60}),
            lake_bucket("gold", tiering=TO_ARCHIVE),
            lake_bucket("temp", expire=7),
            lake_bucket("artifacts"),
            lake_bucket("athena-results", expire=7),
            lake_bucket("dumps"),
            database("bronze"),
            database("silver"),
            database("gold"),
        ]
    ),
    "lake/crawler": Wanted(
        {
            "DatabaseName": "findata_local_bronze",
            "Name": "findata-local-bronze",
            "Role": "findata-local-crawler",
            "Schedule": None,
            "Tags": tags("lake/crawler"),
            "Targets": {"S3Targets": ["s3://findata-local-bronze-123456789012/"]},
        },
        crawler,
    ),
    "lake/crawler-role": Wanted(
        {
            "AssumeRolePolicyDocument": trusted_service("glue.amazonaws.com"),
            "AttachedPolicies": ["arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"],
            "MaxSessionDuration": 3600,
            "Policies": {
                "read-bronze": policy(
                    {
                        "Effect": "Allow",
                        "Action": ["s3:GetObject", "s3:ListBucket"],
                        "Resource": [
                            "arn:aws:s3:::findata-local-bronze-123456789012",
                            "arn:aws:s3:::findata-local-bronze-123456789012/*",
                        ],
                    },
                    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [LAKE_KEY]},
                )
            },
            "RoleName": "findata-local-crawler",
            "Tags": tags("lake/crawler-role"),
        },
        role(lambda _: "findata-local-crawler"),
    ),
}
