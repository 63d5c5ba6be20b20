"""KMS: rotation periods, states that forbid, policies and windows that are checked."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any

from moto.kms.models import Key

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

# API_EnableKeyRotation and API_ScheduleKeyDeletion.
DEFAULT_ROTATION_DAYS = 365
ROTATION_DAYS = range(90, 2561)
WINDOW_DAYS = range(7, 31)
# moto's own ciphertext begins with the id of its key.
KEY_ID_BYTES = 36
USES = (
    "Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncrypt", "Sign",
    "Verify", "GenerateMac", "VerifyMac",
)  # fmt: skip
CHANGES = (
    "EnableKey", "DisableKey", "EnableKeyRotation", "DisableKeyRotation", "UpdateKeyDescription",
    "ScheduleKeyDeletion", "CreateAlias", "UpdateAlias", "TagResource", "UntagResource",
)  # fmt: skip


def _key(call: Call) -> Key | None:
    """The key that the call names by id, ARN or alias; None leaves the refusal to moto."""
    name = call.params.get("KeyId") or call.params.get("TargetKeyId") or ""
    alias = call.backend.get_alias_name(name)
    if not name or (
        alias.startswith("alias/") and call.backend.get_key_id_from_alias(alias) is None
    ):
        return None
    return call.backend.keys.get(call.backend.any_id_to_key_id(name))


@before("kms", *CHANGES)
def refuse_pending(call: Call) -> None:
    """A key that waits for its deletion cannot be changed; moto even brings it back."""
    key = _key(call)
    if key and key.key_state == "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


@before("kms", *USES)
def refuse_unusable(call: Call) -> None:
    key = _key(call)
    if key and key.key_state == "Disabled":
        raise AwsError("DisabledException", f"{key.arn} is disabled.")
    if key and key.key_state in ("PendingDeletion", "PendingImport"):
        raise AwsError("KMSInvalidStateException", f"{key.arn} is {key.key_state}.")


@before("kms", "Decrypt")
def refuse_wrong_ciphertext(call: Call) -> None:
    """Of another key than the named one, or of none: moto answers "access denied" to both."""
    blob = base64.b64decode(call.params["CiphertextBlob"])
    sealed_by = blob[:KEY_ID_BYTES].decode("utf-8", "replace")
    if sealed_by not in call.backend.keys:
        raise AwsError("InvalidCiphertextException", "")
    key = _key(call)
    if key and key.id != sealed_by:
        raise AwsError(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        )


@before("kms", "EnableKeyRotation", "DisableKeyRotation")
def refuse_rotation_of_disabled(call: Call) -> None:
    key = _key(call)
    if key and key.key_state == "Disabled":
        raise AwsError("DisabledException", f"{key.arn} is disabled.")


@before("kms", "CreateKey", "PutKeyPolicy")
def check_policy(call: Call) -> None:
    text = call.params.get("Policy")
    if text is None:
        return
    try:
        valid = bool(json.loads(text)["Statement"])
    except (ValueError, KeyError, TypeError):
        valid = False
    if not valid:
        raise AwsError("MalformedPolicyDocumentException", "The policy is not valid.")


@before("kms", "CreateKey")
def say_usage(call: Call) -> None:
    """A key whose use is not said encrypts and decrypts; moto shows none."""
    if not call.params.get("KeyUsage"):
        call.params["KeyUsage"] = "ENCRYPT_DECRYPT"
        call.rewrite()


@after("kms", "CreateKey")
def wait_for_material(call: Call, result: dict[str, Any]) -> None:
    """A key with material of one's own is unusable until the material is imported."""
    shown = result["KeyMetadata"]
    if call.params.get("Origin") == "EXTERNAL":
        key = call.backend.keys[shown["KeyId"]]
        key.key_state, key.enabled = "PendingImport", False
        shown.update(KeyState="PendingImport", Enabled=False)


@before("kms", "GetKeyPolicy", "PutKeyPolicy")
def name_the_policy(call: Call) -> None:
    """There is one policy, and its name need not be given."""
    if not call.params.get("PolicyName"):
        call.params["PolicyName"] = "default"
        call.rewrite()


@before("kms", "ScheduleKeyDeletion")
def check_window(call: Call) -> None:
    if call.params.get("PendingWindowInDays", 30) not in WINDOW_DAYS:
        raise AwsError("ValidationException", "PendingWindowInDays must be from 7 to 30")


@after("kms", "ScheduleKeyDeletion")
def show_pending(call: Call, result: dict[str, Any]) -> None:
    result["KeyState"] = "PendingDeletion"
    result["PendingWindowInDays"] = call.params.get("PendingWindowInDays", 30)


@before("kms", "CreateAlias", "DeleteAlias")
def refuse_reserved_alias(call: Call) -> None:
    if call.params["AliasName"].startswith("alias/aws/"):
        raise AwsError("NotAuthorizedException", "Aliases that begin with alias/aws/ are reserved.")


@after("kms", "DescribeKey")
def show_manager(call: Call, result: dict[str, Any]) -> None:
    """Keys behind `alias/aws/...` are AWS's."""
    shown = result["KeyMetadata"]
    key = call.backend.keys.get(shown["KeyId"])
    if key and any(name.startswith("alias/aws/") for name in key.aliases):
        shown["KeyManager"] = "AWS"


@before("kms", "EnableKeyRotation")
def keep_period(call: Call) -> None:
    period = call.params.get("RotationPeriodInDays", DEFAULT_ROTATION_DAYS)
    if period not in ROTATION_DAYS:
        raise AwsError("ValidationException", "RotationPeriodInDays must be from 90 to 2560")
    key = _key(call)
    if key and key.key_spec != "SYMMETRIC_DEFAULT":
        raise AwsError("UnsupportedOperationException", "Only symmetric keys can be rotated.")
    if key:
        keep(call, "Rotation", key.id, {"days": period})


@after("kms", "GetKeyRotationStatus")
def show_period(call: Call, result: dict[str, Any]) -> None:
    key = _key(call)
    result["KeyId"] = key.arn
    if result.get("KeyRotationEnabled"):
        days = kept(call, "Rotation").get(key.id, {}).get("days", DEFAULT_ROTATION_DAYS)
        result["RotationPeriodInDays"] = days
        created = datetime.datetime.fromtimestamp(key.creation_date, datetime.timezone.utc)
        result["NextRotationDate"] = (created + datetime.timedelta(days=days)).timestamp()
