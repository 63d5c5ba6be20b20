"""S3: sub-resources, fresh buckets, documents that come back as sent."""

from __future__ import annotations

import json
import uuid

import pytest


@pytest.fixture
def s3(aws):
    return aws("s3")


@pytest.fixture
def bucket(s3) -> str:
    name = f"b-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return name


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (
            "intelligent_tiering",
            {
                "Id": "x",
                "Status": "Enabled",
                "Filter": {"And": {"Prefix": "p", "Tags": [{"Key": "a", "Value": "b"}]}},
                "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
            },
        ),
        ("metrics", {"Id": "x", "Filter": {"Prefix": "p"}}),
        ("analytics", {"Id": "x", "StorageClassAnalysis": {}}),
        (
            "inventory",
            {
                "Id": "x",
                "IsEnabled": True,
                "IncludedObjectVersions": "Current",
                "Schedule": {"Frequency": "Daily"},
                "Destination": {
                    "S3BucketDestination": {"Bucket": "arn:aws:s3:::d", "Format": "CSV"}
                },
            },
        ),
    ],
)
def test_listed_configurations_are_kept_apart_from_the_bucket(s3, bucket, refused, kind, document):
    member = {
        "intelligent_tiering": "IntelligentTieringConfiguration",
        "metrics": "MetricsConfiguration",
        "analytics": "AnalyticsConfiguration",
        "inventory": "InventoryConfiguration",
    }[kind]

    def call(verb):
        return getattr(s3, f"{verb}_bucket_{kind}_configuration")

    assert refused(call("get"), Bucket=bucket, Id="x") == "NoSuchConfiguration"
    call("put")(Bucket=bucket, Id="x", **{member: document})
    assert call("get")(Bucket=bucket, Id="x")[member] == document
    listed = getattr(s3, f"list_bucket_{kind}_configurations")(Bucket=bucket)
    assert listed[f"{member}List"] == [document]
    call("delete")(Bucket=bucket, Id="x")
    assert refused(call("get"), Bucket=bucket, Id="x") == "NoSuchConfiguration"
    s3.head_bucket(Bucket=bucket)


def test_unknown_sub_resource_never_runs_the_bucket_call(emulator, s3, bucket, account):
    import http.client

    host = emulator.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    for method in ("DELETE", "PUT", "GET"):
        scope = "Credential=test/20260101/eu-west-1/s3/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}", "x-moto-account-id": account}
        connection.request(method, f"/{bucket}?metadataTable", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert (answer.status, b"NotEmulated" in body) == (501, True)
        connection.request(method, f"/{bucket}?nonsense", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        assert (answer.status, b"NotEmulated" in body) == (501, True)
    s3.head_bucket(Bucket=bucket)


def test_fresh_bucket_has_the_settings_of_aws(s3, bucket):
    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    assert encryption["Rules"] == [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": False,
        }
    ]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True} and len(block) == 4
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert ownership["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_deleting_the_encryption_goes_back_to_the_default(s3, bucket):
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    read = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    assert read["Rules"] == [rule]
    s3.delete_bucket_encryption(Bucket=bucket)
    read = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    assert read["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_tags_on_create_and_empty_values_come_back(s3):
    name = f"b-{uuid.uuid4().hex}"
    tags = [{"Key": "a", "Value": "1"}, {"Key": "e", "Value": ""}]
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1", "Tags": tags},
    )
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == tags


def test_lifecycle_comes_back_as_sent(s3, bucket):
    rules = [
        {
            "ID": "r1",
            "Status": "Enabled",
            "Filter": {"ObjectSizeGreaterThan": 1000},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 5},
        },
        {
            "ID": "r2",
            "Status": "Enabled",
            "Filter": {
                "And": {
                    "Prefix": "p",
                    "ObjectSizeLessThan": 9,
                    "Tags": [{"Key": "a", "Value": "b"}],
                }
            },
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules


def test_lifecycle_minimum_object_size_comes_back(s3, bucket):
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [rule]},
        TransitionDefaultMinimumObjectSize="varies_by_storage_class",
    )
    read = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert read["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"


def test_notification_logging_replication_and_lock_come_back(s3, bucket):
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=bucket)
    logging = {
        "TargetBucket": bucket,
        "TargetPrefix": "l/",
        "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
    }
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": logging})
    assert s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"] == logging
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    replication = {
        "Role": "arn:aws:iam::123456789012:role/r",
        "Rules": [
            {
                "ID": "r",
                "Priority": 1,
                "Status": "Enabled",
                "Filter": {"And": {"Prefix": "p", "Tags": [{"Key": "a", "Value": "b"}]}},
                "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
                "Destination": {"Bucket": "arn:aws:s3:::d", "StorageClass": "STANDARD"},
                "DeleteMarkerReplication": {"Status": "Disabled"},
            }
        ],
    }
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=replication)
    assert s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"] == replication


def test_object_lock_has_days_or_years(s3):
    name = f"b-{uuid.uuid4().hex}"
    s3.create_bucket(
        Bucket=name,
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    lock = {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
    }
    s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
    assert s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"] == lock


def test_denying_plain_http_shuts_nobody_out(s3, bucket, refused):
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == policy
    assert refused(s3.put_bucket_policy, Bucket=bucket, Policy="{nope") == "MalformedPolicy"
    del statement["Condition"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    assert refused(s3.get_object, Bucket=bucket, Key="k") == "AccessDenied"


def test_wrong_names_owners_and_digests_are_refused(s3, bucket, refused):
    where = {"LocationConstraint": "eu-west-1"}
    create = s3.create_bucket
    assert refused(create, Bucket="Up_per", CreateBucketConfiguration=where) == "InvalidBucketName"
    read = s3.get_bucket_versioning
    assert refused(read, Bucket=bucket, ExpectedBucketOwner="999999999999") == "AccessDenied"
    digest = "AAAAAAAAAAAAAAAAAAAAAA=="
    put = s3.put_object
    assert refused(put, Bucket=bucket, Key="k", Body=b"1", ContentMD5=digest) == "BadDigest"
    acl = refused(s3.put_bucket_acl, Bucket=bucket, ACL="public-read")
    assert acl == "AccessControlListNotSupported"


@pytest.mark.parametrize(
    "key", ["a//b", "a%2Fb", "a+b c", "ü/ß", "/lead", "x/", "a&b=c?d#e", "..."]
)
def test_keys_and_metadata_names_pass_unchanged(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"1", Metadata={"a_b": "1", "a-c": "2"})
    assert s3.head_object(Bucket=bucket, Key=key)["Metadata"] == {"a_b": "1", "a-c": "2"}
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]


def test_payloads_are_checked_against_their_hashes(emulator, bucket, account):
    import http.client

    wire = http.client.HTTPConnection(emulator.url.removeprefix("http://"))
    scope = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/s3/aws4_request"
    for name, value, code in (
        ("x-amz-content-sha256", "0" * 64, b"XAmzContentSHA256Mismatch"),
        ("x-amz-checksum-crc32", "AAAAAA==", b"BadDigest"),
    ):
        headers = {"Authorization": scope, "x-moto-account-id": account, name: value}
        wire.request("PUT", f"/{bucket}/k", b"body", headers)
        answer = wire.getresponse()
        assert (answer.status, code in answer.read()) == (400, True)


def test_parts_of_unknown_uploads_are_refused(s3, bucket, refused):
    part = {"Bucket": bucket, "Key": "k", "UploadId": "none", "PartNumber": 1, "Body": b"x"}
    assert refused(s3.upload_part, **part) == "NoSuchUpload"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    etag = s3.upload_part(**{**part, "UploadId": upload})["ETag"]
    s3.complete_multipart_upload(
        Bucket=bucket,
        Key="k",
        UploadId=upload,
        MultipartUpload={"Parts": [{"ETag": etag, "PartNumber": 1}]},
    )


def test_an_empty_set_takes_all_tags_off_an_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="a=b")
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": []})
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []


def test_a_copy_takes_only_the_version_that_is_meant(s3, bucket):
    first = s3.put_object(Bucket=bucket, Key="a b", Body=b"one")["ETag"]
    source = {"Bucket": bucket, "Key": "a b"}
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, CopySourceIfMatch=first)
    s3.put_object(Bucket=bucket, Key="a b", Body=b"two")

    with pytest.raises(s3.exceptions.ClientError) as refused:
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, CopySourceIfMatch=first)
    assert refused.value.response["Error"]["Code"] == "PreconditionFailed"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == b"one"
