"""Secrets Manager: status of errors, rotation as a record, resource policies."""

from __future__ import annotations

import json
from typing import Any

from moto.secretsmanager import exceptions

from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before


def _secret(call: Call) -> Any:
    name = call.params["SecretId"]
    if not call.backend._is_valid_identifier(name):
        raise AwsError(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
        )
    return call.backend.secrets[name]


@before("secretsmanager", "CreateSecret")
def refuse_forgotten_name(call: Call) -> None:
    """A name is free again only when the recovery window of the secret that had it is over."""
    if not call.backend._is_valid_identifier(call.params["Name"]):
        return
    if call.backend.secrets[call.params["Name"]].is_deleted():
        raise AwsError(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for"
            " deletion.",
        )


@before("secretsmanager", "RotateSecret")
def record_rotation(call: Call) -> dict[str, Any]:
    """Keeps the settings and makes no version: no rotation function runs in the emulator."""
    secret = _secret(call)
    function = call.params.get("RotationLambdaARN") or secret.rotation_lambda_arn
    if not function:
        message = "No Lambda rotation function ARN is associated with this secret."
        raise AwsError("InvalidRequestException", message)
    secret.rotation_lambda_arn = function
    secret.rotation_requested = secret.rotation_enabled = True
    rules = call.params.get("RotationRules")
    if rules is not None:
        secret.rotation_rules_sent = rules
        secret.auto_rotate_after_days = rules.get("AutomaticallyAfterDays", 0)
    current = next(
        (n for n, v in secret.versions.items() if "AWSCURRENT" in v["version_stages"]), None
    )
    answer = {"ARN": secret.arn, "Name": secret.name}
    return {**answer, "VersionId": current} if current else answer


@after("secretsmanager", "UpdateSecret")
def take_empty_description(call: Call, _: dict[str, Any]) -> None:
    """Moto keeps the old one when the new one is empty."""
    if call.params.get("Description") == "":
        _secret(call).description = ""


@after("secretsmanager", "DescribeSecret", "ListSecrets")
def show_rules(call: Call, result: dict[str, Any]) -> None:
    """The rules come back as they were sent; moto knows only days, and adds `0`."""
    for shown in result.get("SecretList", [result]):
        secret = call.backend.secrets.get(shown["ARN"])
        sent = getattr(secret, "rotation_rules_sent", None)
        if sent is not None and "RotationEnabled" in shown:
            shown["RotationRules"] = sent


@after("secretsmanager", "ListSecretVersionIds")
def show_arn(call: Call, result: dict[str, Any]) -> None:
    """Moto gives the name as ARN, and an empty token that some clients follow."""
    result["ARN"] = _secret(call).arn
    if not result.get("NextToken"):
        result.pop("NextToken", None)


@before("secretsmanager", "PutResourcePolicy", "ValidateResourcePolicy")
def check_policy(call: Call) -> dict[str, Any] | None:
    errors = []
    try:
        if not json.loads(call.params["ResourcePolicy"])["Statement"]:
            errors.append("no statement")
    except (ValueError, KeyError, TypeError):
        errors.append("not a policy document")
    if call.operation == "ValidateResourcePolicy":
        shown = [{"CheckName": "SYNTAX", "ErrorMessage": error} for error in errors]
        return {"PolicyValidationPassed": not errors, "ValidationErrors": shown}
    if errors:
        raise AwsError("MalformedPolicyDocumentException", "This resource policy is malformed.")
    return None


def _always_400() -> property:
    """Every error of the service has status 400; moto answers 404 for what is missing."""
    return property(lambda self: 400, lambda self, value: None)


for _name in (
    "ResourceNotFoundException",
    "SecretNotFoundException",
    "SecretHasNoValueException",
    "SecretStageVersionMismatchException",
):
    getattr(exceptions, _name).code = _always_400()
