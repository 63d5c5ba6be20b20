"""S3: sub-resources that moto runs as the plain bucket call, fresh buckets, policies, checks."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from typing import Any
from urllib.parse import unquote

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend, s3_backends

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError, NotEmulated
from strata_emulator.mends import after, before, failed

SIGNING_WORDS = {"x-id", "awsaccesskeyid", "signature", "expires"}
LIST_WORDS = {
    "prefix", "delimiter", "marker", "max-keys", "encoding-type", "list-type",
    "continuation-token", "start-after", "fetch-owner",
}  # fmt: skip
OBJECT_WORDS = {"versionid", "partnumber", "uploadid"}
# Calls without a sub-resource: any word in their query that is not theirs is an unknown one.
PLAIN = {
    "CreateBucket": set(),
    "DeleteBucket": set(),
    "HeadBucket": set(),
    "ListObjects": LIST_WORDS,
    "ListObjectsV2": LIST_WORDS,
    "PutObject": OBJECT_WORDS,
    "CopyObject": OBJECT_WORDS,
    "GetObject": OBJECT_WORDS,
    "HeadObject": OBJECT_WORDS,
    "DeleteObject": OBJECT_WORDS,
}
# What moto's S3 has. Everything else of the model would end in the plain bucket or object call.
EMULATED = set(PLAIN) | {
    "ListBuckets", "GetBucketLocation", "ListMultipartUploads", "ListObjectVersions",
    "DeleteObjects", "GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration",
    "GetBucketAcl", "PutBucketAcl", "GetBucketCors", "PutBucketCors", "DeleteBucketCors",
    "GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption",
    "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration",
    "DeleteBucketLifecycle", "GetBucketLogging", "PutBucketLogging",
    "GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration",
    "GetBucketOwnershipControls", "PutBucketOwnershipControls", "DeleteBucketOwnershipControls",
    "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "GetBucketPolicyStatus",
    "GetBucketReplication", "PutBucketReplication", "DeleteBucketReplication",
    "GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging", "GetBucketVersioning",
    "PutBucketVersioning", "GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite",
    "GetObjectLockConfiguration", "PutObjectLockConfiguration", "GetPublicAccessBlock",
    "PutPublicAccessBlock", "DeletePublicAccessBlock", "AbortMultipartUpload",
    "CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart", "UploadPartCopy",
    "ListParts", "GetObjectAcl", "PutObjectAcl", "GetObjectAttributes", "GetObjectLegalHold",
    "PutObjectLegalHold", "GetObjectRetention", "PutObjectRetention", "GetObjectTagging",
    "PutObjectTagging", "DeleteObjectTagging", "RestoreObject", "SelectObjectContent",
}  # fmt: skip
BUCKET_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
DEFAULT_ENCRYPTION = {
    "@xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
    "Rule": {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": "false",
    },
}
SHA256 = re.compile(r"^[0-9a-f]{64}$")
CHECKSUMS = {
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "sha1": lambda body: hashlib.sha1(body).digest(),
    "sha256": lambda body: hashlib.sha256(body).digest(),
}
ALL_PRIVATE = ("true", "true", "true", "true")


@before("s3", "*")
def refuse_unknown(call: Call) -> None:
    """`DELETE /b?intelligent-tiering` deletes the bucket in moto; so does any unknown word."""
    if call.http.method in ("OPTIONS", "POST") and not call.operation:
        return
    if call.operation in PLAIN:
        _refuse_unknown_words(call)
    elif call.operation not in EMULATED | OWN_OPERATIONS:
        raise NotEmulated(f"S3 call {call.http.method} {call.http.target}")
    _check_owner(call)


def _refuse_unknown_words(call: Call) -> None:
    for word in call.http.query_items:
        lowered = word.lower()
        if lowered in PLAIN[call.operation] or lowered in SIGNING_WORDS:
            continue
        if not lowered.startswith(("x-amz-", "response-")):
            raise NotEmulated(f"S3 sub-resource {word!r}")


def _check_owner(call: Call) -> None:
    """ExpectedBucketOwner, which moto ignores."""
    expected = call.http.header("x-amz-expected-bucket-owner")
    bucket = call.uri_params.get("Bucket", "")
    _, owner = s3_backends.bucket_accounts.get(bucket, ("", ""))
    if expected and owner and owner != expected:
        raise AwsError("AccessDenied", "Access Denied", 403)


def bucket_of(call: Call) -> FakeBucket:
    """The bucket that the call names; NoSuchBucket when there is none."""
    return bucket_named(call.uri_params["Bucket"])


def bucket_named(name: str) -> FakeBucket:
    found = s3_backends.bucket_accounts.get(name)
    if not found:
        raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
    place, owner = found
    return s3_backends[owner][place].buckets[name]


@before("s3", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "ListParts")
def refuse_missing_upload(call: Call) -> None:
    """Moto fails on an upload that it does not know."""
    if (
        call.uri_params.get("Bucket")
        and call.params.get("UploadId") not in bucket_of(call).multiparts
    ):
        raise AwsError("NoSuchUpload", "The specified upload does not exist.", 404)


@before("s3", "CreateBucket")
def check_name(call: Call) -> None:
    """Moto takes upper case and `_`; the rules are in the S3 user guide, "Bucket naming rules"."""
    if not BUCKET_NAME.match(call.uri_params["Bucket"]):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.")
    kept(call, "fresh")["exists"] = {"is": call.uri_params["Bucket"] in call.backend.buckets}


@after("s3", "CreateBucket")
def fill_fresh_bucket(call: Call, _: dict[str, Any]) -> None:
    """A new bucket encrypts with SSE-S3 and blocks all public access (AWS since April 2023)."""
    if kept(call, "fresh").pop("exists", {}).get("is"):
        return
    for kind in DOCUMENT_KINDS:
        kept(call, kind).pop(call.uri_params["Bucket"], None)
    bucket = bucket_of(call)
    bucket.encryption = json.loads(json.dumps(DEFAULT_ENCRYPTION))
    bucket.public_access_block = PublicAccessBlock(*ALL_PRIVATE)
    bucket.ownership_rule = bucket.ownership_rule or "BucketOwnerEnforced"
    tags = (call.params.get("CreateBucketConfiguration") or {}).get("Tags") or []
    if tags:
        values = {tag["Key"]: tag.get("Value") or "" for tag in tags}
        call.backend.put_bucket_tagging(bucket.name, values)


@after("s3", "DeleteBucketEncryption")
def fall_back_to_default_encryption(call: Call, _: dict[str, Any]) -> None:
    """There is no unencrypted bucket: deleting the configuration goes back to SSE-S3."""
    bucket_of(call).encryption = json.loads(json.dumps(DEFAULT_ENCRYPTION))


@before("s3", "PutObjectTagging")
def take_all_tags_off(call: Call) -> dict[str, Any] | None:
    """Moto fails on a set without tags."""
    if (call.params.get("Tagging") or {}).get("TagSet"):
        return None
    version = call.params.get("VersionId")
    key = call.backend.get_object(call.params["Bucket"], call.params["Key"], version_id=version)
    if key is None:
        return None
    call.backend.put_object_tagging(key=key, tags={})
    return {"VersionId": version} if version else {}


@after("s3", "GetBucketTagging", "GetObjectTagging")
def show_empty_values(_: Call, result: dict[str, Any]) -> None:
    """Tags with an empty value come back without `Value`."""
    for tag in result.get("TagSet") or []:
        tag.setdefault("Value", "")


@before("s3", "CopyObject")
def copy_only_what_is_meant(call: Call) -> None:
    """moto copies whatever is there, and passes over x-amz-copy-source-if-match."""
    wanted = call.http.header("x-amz-copy-source-if-match")
    source = unquote(call.http.header("x-amz-copy-source")).lstrip("/").split("?")[0]
    if not wanted or "/" not in source:
        return
    bucket, key = source.split("/", 1)
    found = bucket_named(bucket).keys.get(key)
    if found is not None and found.etag.strip('"') != wanted.strip('"'):
        raise AwsError(
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
            412,
        )


@before("s3", "PutBucketAcl", "PutObjectAcl")
def refuse_acls(call: Call) -> None:
    """Buckets whose owner owns all objects have no ACLs."""
    bucket = bucket_of(call)
    if bucket.ownership_rule != "BucketOwnerEnforced":
        return
    if call.http.header("x-amz-acl") not in ("private", "bucket-owner-full-control"):
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")


@before("s3", "PutBucketPolicy")
def check_policy(call: Call) -> None:
    """A document that is no policy is refused; moto stores it and then fails on every object."""
    try:
        statements = json.loads(call.http.body)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise AwsError("MalformedPolicy", "Policies must be valid JSON.") from None
    if not isinstance(statements, (list, dict)):
        raise AwsError("MalformedPolicy", "Missing required field Statement")


@before("s3", "PutObject", "UploadPart", "DeleteObjects", "PutBucketPolicy")
def check_md5(call: Call) -> None:
    """Content-MD5, which moto does not look at."""
    sent = call.http.header("content-md5")
    if sent and sent != base64.b64encode(hashlib.md5(call.http.body).digest()).decode():
        raise AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.")


@failed("s3", "GetObject", "PutObject", "DeleteObject", "GetObjectTagging", "PutObjectTagging")
def explain_denial(call: Call, code: str) -> None:
    """A denial by bucket policy comes without a body."""
    if not code and call.http.method != "HEAD":
        bucket_of(call)
        raise AwsError("AccessDenied", "Access Denied", 403)


@before("s3", "*")
def check_payload_hash(call: Call) -> None:
    """The hash of the payload that the signature covers; moto looks neither at it nor at others."""
    sent = call.http.header("x-amz-content-sha256").lower()
    if SHA256.match(sent) and sent != hashlib.sha256(call.http.body).hexdigest():
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise AwsError("XAmzContentSHA256Mismatch", message)


@before("s3", "PutObject", "UploadPart", "DeleteObjects")
def check_checksums(call: Call) -> None:
    """Checksums in headers, for the algorithms that the standard library has."""
    body = call.http.body
    if "aws-chunked" in call.http.header("content-encoding"):
        return
    for name, compute in CHECKSUMS.items():
        sent = call.http.header(f"x-amz-checksum-{name}")
        if sent and sent != base64.b64encode(compute(body)).decode():
            message = f"The {name.upper()} you specified did not match the calculated checksum."
            raise AwsError("BadDigest", message)


# Sub-resources that are lists of documents with an Id, none of which moto keeps apart.
LISTED = {
    "IntelligentTiering": "IntelligentTieringConfiguration",
    "Metrics": "MetricsConfiguration",
    "Analytics": "AnalyticsConfiguration",
    "Inventory": "InventoryConfiguration",
}
# Single documents that moto has no place for, with the answer of a bucket that never set them.
SINGLE = {
    "BucketRequestPayment": ("RequestPaymentConfiguration", {"Payer": "BucketOwner"}),
    "BucketAbac": ("AbacStatus", {"Status": "Disabled"}),
}
DOCUMENT_KINDS = [
    *LISTED,
    *SINGLE,
    "lifecycle",
    "notification",
    "logging",
    "replication",
    "encryption",
    "object-lock",
]
OWN_OPERATIONS = {
    f"{verb}Bucket{kind}Configuration" for verb in ("Put", "Get", "Delete") for kind in LISTED
}
OWN_OPERATIONS |= {f"ListBucket{kind}Configurations" for kind in LISTED}
OWN_OPERATIONS |= {f"{verb}{kind}" for verb in ("Put", "Get") for kind in SINGLE}


def _install_listed(kind: str, member: str) -> None:
    @before("s3", f"PutBucket{kind}Configuration")
    def put(call: Call) -> dict[str, Any]:
        name = f"{bucket_of(call).name}\n{call.params['Id']}"
        keep(call, kind, name, {"document": call.params[member]}, whole=True)
        return {}

    @before("s3", f"GetBucket{kind}Configuration")
    def get(call: Call) -> dict[str, Any]:
        found = kept(call, kind).get(f"{bucket_of(call).name}\n{call.params['Id']}")
        if not found:
            raise AwsError(
                "NoSuchConfiguration", "The specified configuration does not exist.", 404
            )
        return {member: found["document"]}

    @before("s3", f"DeleteBucket{kind}Configuration")
    def delete(call: Call) -> dict[str, Any]:
        get(call)
        del kept(call, kind)[f"{bucket_of(call).name}\n{call.params['Id']}"]
        return {}

    @before("s3", f"ListBucket{kind}Configurations")
    def list_all(call: Call) -> dict[str, Any]:
        prefix = bucket_of(call).name + "\n"
        found = [d["document"] for n, d in sorted(kept(call, kind).items()) if n.startswith(prefix)]
        return {"IsTruncated": False, f"{member}List": found} if found else {"IsTruncated": False}


def _install_single(kind: str, member: str, default: dict[str, Any]) -> None:
    @before("s3", f"Put{kind}")
    def put(call: Call) -> dict[str, Any]:
        keep(call, kind, bucket_of(call).name, {"document": call.params[member]}, whole=True)
        return {}

    @before("s3", f"Get{kind}")
    def get(call: Call) -> dict[str, Any]:
        found = kept(call, kind).get(bucket_of(call).name)
        document = found["document"] if found else default
        return {member: document} if kind == "BucketAbac" else document


for _kind, _member in LISTED.items():
    _install_listed(_kind, _member)
for _kind, (_member, _default) in SINGLE.items():
    _install_single(_kind, _member, _default)


@after("s3", "DeleteBucket")
def forget_documents(call: Call, _: dict[str, Any]) -> None:
    """A bucket of the same name made later starts without them."""
    name = call.uri_params["Bucket"]
    for kind in DOCUMENT_KINDS:
        store = kept(call, kind)
        for key in [key for key in store if key.split("\n")[0] == name]:
            del store[key]


@after("s3", "GetObjectLockConfiguration")
def drop_zero_years(_: Call, result: dict[str, Any]) -> None:
    """Moto shows `Years: 0` beside days; a retention has one of the two."""
    retention = (
        (result.get("ObjectLockConfiguration") or {}).get("Rule", {}).get("DefaultRetention")
    )
    for unit in ("Days", "Years"):
        if retention and retention.get(unit) == 0:
            del retention[unit]


def _get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Only statements that are for everybody and have no condition decide about a call.

    Moto ignores conditions, so the usual Deny of plain HTTP (aws:SecureTransport) would shut
    everyone out, and it takes a Deny for one principal as a Deny for all.
    """
    if self.policy is None:
        return PermissionResult.NEUTRAL
    statements = json.loads(self.policy)["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    decisive = [
        statement
        for statement in statements
        if statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not {"Condition", "NotResource", "NotPrincipal"} & set(statement)
    ]
    policy = IAMPolicy(json.dumps({"Statement": decisive}))
    return policy.is_action_permitted(action, resource)


def _log_permission(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """S3 checks grants on the target only where the bucket has ACLs at all; moto also fails on
    statements whose principal is "*"."""
    if target_bucket.ownership_rule == "BucketOwnerEnforced":
        return True
    return b"logging.s3.amazonaws.com" in (target_bucket.policy or b"")


FakeBucket.get_permission = _get_permission
FakeBucket._log_permissions_enabled_policy = staticmethod(_log_permission)
# Access logs reach their bucket hours later on AWS; moto writes one object for each call.
S3Backend.log_incoming_request = lambda self, request, bucket_name: None
