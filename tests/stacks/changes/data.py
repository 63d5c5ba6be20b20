"""Changes to the lake: buckets and the catalog."""

import json

from account import ACCOUNT, PREFIX, REGION, Account, asked, bucket, document, plain

from changes.change import Change, foreign, gone, with_statement

CRAWLER = f"{PREFIX}-bronze"

# A bucket is never without: what takes the place of ours is the service's own key.
ENCRYPTION = (
    "encryption.rules[0].apply_server_side_encryption_by_default.kms_master_key_id",
    "encryption.rules[0].apply_server_side_encryption_by_default.sse_algorithm",
    "encryption.rules[0].bucket_key_enabled",
)


def versioning(purpose: str):
    return lambda a: asked(lambda: a.s3.get_bucket_versioning(**bucket(purpose)), "Status")


def encryption(purpose: str):
    return lambda a: asked(lambda: a.s3.get_bucket_encryption(**bucket(purpose)), "ServerSideEncryptionConfiguration")


def lifecycle(purpose: str):
    return lambda a: asked(lambda: a.s3.get_bucket_lifecycle_configuration(**bucket(purpose)), "Rules")


def put_lifecycle(account: Account, purpose: str, rules: list[dict]) -> None:
    account.s3.put_bucket_lifecycle_configuration(**bucket(purpose), LifecycleConfiguration={"Rules": rules})


def policy(purpose: str):
    def read(account: Account) -> dict | None:
        text = asked(lambda: account.s3.get_bucket_policy(**bucket(purpose)), "Policy")
        return document(text) if text else None

    return read


def share(account: Account, purpose: str) -> None:
    everything = f"arn:aws:s3:::{bucket(purpose)['Bucket']}/*"
    statement = {"Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "s3:GetObject", "Resource": everything}
    account.s3.put_bucket_policy(**bucket(purpose), Policy=with_statement(policy(purpose)(account), **statement))


def public_access_block(purpose: str):
    return lambda a: asked(lambda: a.s3.get_public_access_block(**bucket(purpose)), "PublicAccessBlockConfiguration")


def logging(purpose: str):
    return lambda a: asked(lambda: a.s3.get_bucket_logging(**bucket(purpose)), "LoggingEnabled")


def bucket_tags(purpose: str, key: str):
    return lambda a: plain(a.s3.get_bucket_tagging(**bucket(purpose))["TagSet"]).get(key)


def change_bucket_tags(account: Account, purpose: str, **changed: str) -> None:
    tags = {**{t["Key"]: t["Value"] for t in account.s3.get_bucket_tagging(**bucket(purpose))["TagSet"]}, **changed}
    account.s3.put_bucket_tagging(**bucket(purpose), Tagging={"TagSet": [{"Key": k, "Value": v} for k, v in tags.items()]})


def tiering(purpose: str):
    def read(account: Account) -> list[tuple]:
        found = account.s3.list_bucket_intelligent_tiering_configurations(**bucket(purpose))
        return [(c["Id"], c["Status"], c["Tierings"]) for c in found.get("IntelligentTieringConfigurationList", [])]

    return read


def put_tiering(account: Account, purpose: str, name: str, days: int) -> None:
    wanted = {"Id": name, "Status": "Enabled", "Tierings": [{"Days": days, "AccessTier": "ARCHIVE_ACCESS"}]}
    account.s3.put_bucket_intelligent_tiering_configuration(**bucket(purpose), Id=name, IntelligentTieringConfiguration=wanted)


def notification(purpose: str):
    return lambda a: "EventBridgeConfiguration" in a.s3.get_bucket_notification_configuration(**bucket(purpose))


def all_settings(purpose: str):
    """Whether the bucket is there, and what it is like."""
    parts = (versioning, encryption, lifecycle, policy, public_access_block, logging)
    return lambda a: [part(purpose)(a) for part in parts]


def database(account: Account, zone: str) -> dict | None:
    found = [d for d in account.glue.get_databases()["DatabaseList"] if d["Name"] == f"findata_local_{zone}"]
    return {name: found[0].get(name) for name in ("Description", "LocationUri")} if found else None


def change_database(account: Account, zone: str, **changed: str) -> None:
    wanted = {"Name": f"findata_local_{zone}", **database(account, zone), **changed}
    account.glue.update_database(Name=wanted["Name"], DatabaseInput=wanted)


def crawler(account: Account) -> dict:
    return account.glue.get_crawler(Name=CRAWLER)["Crawler"]


def theirs(account: Account) -> dict:
    """A target of the crawler that the program does not name."""
    return {"S3Targets": [*[{"Path": t["Path"]} for t in crawler(account)["Targets"]["S3Targets"]], {"Path": "s3://theirs/"}]}


def glue_tags(account: Account, what: str) -> dict:
    return account.glue.get_tags(ResourceArn=f"arn:aws:glue:{REGION}:{ACCOUNT}:{what}")["Tags"]


CHANGES = [
    Change(
        "versioning is suspended",
        "lake/bronze",
        "versioning.status",
        versioning("bronze"),
        lambda a: a.s3.put_bucket_versioning(**bucket("bronze"), VersioningConfiguration={"Status": "Suspended"}),
        ("s3:PutBucketVersioning",),
    ),
    Change(
        "encryption with the lake's key is removed",
        "lake/bronze",
        ENCRYPTION,
        encryption("bronze"),
        lambda a: a.s3.delete_bucket_encryption(**bucket("bronze")),
        ("s3:PutBucketEncryption",),
    ),
    Change(
        "objects are encrypted otherwise",
        "lake/silver",
        ENCRYPTION,
        encryption("silver"),
        lambda a: a.s3.put_bucket_encryption(
            **bucket("silver"),
            ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
        ),
        ("s3:PutBucketEncryption",),
    ),
    Change(
        "the lifecycle is removed",
        "lake/silver",
        "lifecycle",
        lifecycle("silver"),
        lambda a: a.s3.delete_bucket_lifecycle(**bucket("silver")),
        ("s3:PutBucketLifecycleConfiguration",),
    ),
    Change(
        "objects expire sooner",
        "lake/athena-results",
        "lifecycle.rules[0].expiration.days",
        lambda a: [r.get("Expiration") for r in lifecycle("athena-results")(a)],
        lambda a: put_lifecycle(a, "athena-results", [{**r, "Expiration": {"Days": 1}} for r in lifecycle("athena-results")(a)]),
        ("s3:PutBucketLifecycleConfiguration",),
    ),
    Change(
        "somebody adds a rule to the lifecycle",
        "lake/gold",
        "lifecycle.rules[1]",
        lambda a: [r["ID"] for r in lifecycle("gold")(a)],
        lambda a: put_lifecycle(
            a,
            "gold",
            [*lifecycle("gold")(a), {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 1}}],
        ),
        ("s3:PutBucketLifecycleConfiguration",),
    ),
    Change(
        "the bucket policy is removed, and with it the rule that everybody uses TLS",
        "lake/gold",
        "policy",
        policy("gold"),
        lambda a: a.s3.delete_bucket_policy(**bucket("gold")),
        ("s3:PutBucketPolicy",),
    ),
    Change(
        "a bucket is shared with another account",
        "lake/artifacts",
        "policy",
        policy("artifacts"),
        lambda a: share(a, "artifacts"),
        ("s3:PutBucketPolicy",),
    ),
    Change(
        "the public access block is removed",
        "lake/artifacts",
        "public_access_block",
        public_access_block("artifacts"),
        lambda a: a.s3.delete_public_access_block(**bucket("artifacts")),
        ("s3:PutPublicAccessBlock",),
    ),
    Change(
        "one part of the public access block is off",
        "lake/dumps",
        "public_access_block.block_public_policy",
        public_access_block("dumps"),
        lambda a: a.s3.put_public_access_block(
            **bucket("dumps"), PublicAccessBlockConfiguration={**public_access_block("dumps")(a), "BlockPublicPolicy": False}
        ),
        ("s3:PutPublicAccessBlock",),
    ),
    Change(
        "objects belong to who writes them",
        "lake/dumps",
        "ownership.rules[0].object_ownership",
        lambda a: a.s3.get_bucket_ownership_controls(**bucket("dumps"))["OwnershipControls"]["Rules"],
        lambda a: a.s3.put_bucket_ownership_controls(**bucket("dumps"), OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
        ("s3:PutBucketOwnershipControls",),
    ),
    Change(
        "access is no longer logged",
        "lake/athena-results",
        "logging",
        logging("athena-results"),
        lambda a: a.s3.put_bucket_logging(**bucket("athena-results"), BucketLoggingStatus={}),
        ("s3:PutBucketLogging",),
    ),
    Change(
        "access is logged under another prefix",
        "lake/dumps",
        "logging.target_prefix",
        logging("dumps"),
        lambda a: a.s3.put_bucket_logging(
            **bucket("dumps"), BucketLoggingStatus={"LoggingEnabled": {**logging("dumps")(a), "TargetPrefix": "elsewhere/"}}
        ),
        ("s3:PutBucketLogging",),
    ),
    Change(
        "objects no longer move to the archive",
        "lake/gold",
        "intelligent_tiering",
        tiering("gold"),
        lambda a: a.s3.delete_bucket_intelligent_tiering_configuration(**bucket("gold"), Id="archive"),
        ("s3:PutBucketIntelligentTieringConfiguration",),
    ),
    Change(
        "somebody adds a configuration of tiering",
        "lake/bronze",
        "intelligent_tiering[theirs]",
        tiering("bronze"),
        lambda a: put_tiering(a, "bronze", "theirs", 180),
        ("s3:DeleteBucketIntelligentTieringConfiguration",),
    ),
    Change(
        "events no longer go to EventBridge",
        "lake/bronze",
        "notification",
        notification("bronze"),
        lambda a: a.s3.put_bucket_notification_configuration(**bucket("bronze"), NotificationConfiguration={}),
        ("s3:PutBucketNotificationConfiguration",),
    ),
    Change(
        "a tag of a bucket has another value",
        "lake/access-logs",
        "tags[zone]",
        bucket_tags("access-logs", "zone"),
        lambda a: change_bucket_tags(a, "access-logs", zone="public"),
        ("s3:PutBucketTagging",),
    ),
    foreign(
        "a tag of somebody else stands beside one that must be put back",
        "lake/access-logs",
        "tags[team]",
        bucket_tags("access-logs", "team"),
        lambda a: change_bucket_tags(a, "access-logs", team="theirs"),
    ),
    foreign(
        "a bucket is made readable from a web page, which the program never said",
        "lake/silver",
        "cors",
        lambda a: asked(lambda: a.s3.get_bucket_cors(**bucket("silver")), "CORSRules"),
        lambda a: a.s3.put_bucket_cors(
            **bucket("silver"), CORSConfiguration={"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
        ),
    ),
    gone(
        "a bucket is deleted altogether",
        "lake/temp",
        all_settings("temp"),
        lambda a: a.s3.delete_bucket(**bucket("temp")),
        "s3:CreateBucket",
        "s3:PutBucketEncryption",
        "s3:PutBucketLifecycleConfiguration",
        "s3:PutBucketLogging",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutPublicAccessBlock",
        "s3:PutBucketVersioning",
    ),
    Change(
        "a database of the catalog is described otherwise",
        "lake/silver-database",
        "description",
        lambda a: database(a, "silver"),
        lambda a: change_database(a, "silver", Description="old"),
        ("glue:UpdateDatabase",),
    ),
    Change(
        "a database of the catalog lies elsewhere",
        "lake/bronze-database",
        "location_uri",
        lambda a: database(a, "bronze"),
        lambda a: change_database(a, "bronze", LocationUri="s3://elsewhere/"),
        ("glue:UpdateDatabase",),
    ),
    gone(
        "a database of the catalog is deleted",
        "lake/gold-database",
        lambda a: database(a, "gold"),
        lambda a: a.glue.delete_database(Name="findata_local_gold"),
        "glue:CreateDatabase",
    ),
    Change(
        "the crawler looks at another bucket too",
        "lake/crawler",
        "targets.s3_targets[s3://theirs/]",
        lambda a: [t["Path"] for t in crawler(a)["Targets"]["S3Targets"]],
        lambda a: a.glue.update_crawler(Name=CRAWLER, Targets=theirs(a)),
        ("glue:UpdateCrawler",),
    ),
    foreign(
        "the crawler gets a schedule, which the program never gave it",
        "lake/crawler",
        "schedule",
        lambda a: crawler(a).get("Schedule", {}).get("ScheduleExpression"),
        lambda a: a.glue.update_crawler_schedule(CrawlerName=CRAWLER, Schedule="cron(0 3 * * ? *)"),
    ),
    Change(
        "a tag of the crawler is taken off",
        "lake/crawler",
        "tags[managed-by]",
        lambda a: glue_tags(a, f"crawler/{CRAWLER}").get("managed-by"),
        lambda a: a.glue.untag_resource(ResourceArn=f"arn:aws:glue:{REGION}:{ACCOUNT}:crawler/{CRAWLER}", TagsToRemove=["managed-by"]),
        ("glue:TagResource",),
    ),
    Change(
        "the crawler may read more",
        "lake/crawler-role",
        "policies[read-bronze]",
        lambda a: document(a.iam.get_role_policy(RoleName=f"{PREFIX}-crawler", PolicyName="read-bronze")["PolicyDocument"]),
        lambda a: a.iam.put_role_policy(
            RoleName=f"{PREFIX}-crawler",
            PolicyName="read-bronze",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}),
        ),
        ("iam:PutRolePolicy",),
    ),
]
