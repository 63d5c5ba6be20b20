"""SSM parameters: secrets that stay secret, tiers, patterns, filters, page sizes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from moto.ssm.models import Parameter

from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

# https://docs.aws.amazon.com/general/latest/gr/ssm.html, "Parameter Store"
VALUE_BYTES = {"Standard": 4096, "Advanced": 8192}
READS = ("GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")
MAX_PAGE = 50


@before("ssm", "PutParameter")
def check_parameter(call: Call) -> None:
    params = call.params
    older = _older(call)
    tier = params.get("Tier") or (older.tier if older else "Standard")
    if tier not in ("Standard", "Advanced", "Intelligent-Tiering"):
        raise AwsError("ValidationException", f"The tier {tier} is not supported.")
    if older and older.tier == "Advanced" and tier == "Standard":
        message = "This parameter uses the advanced-parameter tier and cannot be downgraded."
        raise AwsError("ValidationException", message)
    size = len((params.get("Value") or "").encode())
    if tier != "Intelligent-Tiering" and size > VALUE_BYTES[tier]:
        raise AwsError(
            "ValidationException", f"{tier} tier parameters hold {VALUE_BYTES[tier]} bytes."
        )
    pattern = params.get("AllowedPattern")
    if pattern and not re.search(pattern, params.get("Value") or ""):
        message = f"Parameter value, cannot be validated against allowedPattern: {pattern}"
        raise AwsError("ParameterPatternMismatchException", message)


def _older(call: Call) -> Parameter | None:
    """The newest version so far; moto's dictionary of parameters has no working `get`."""
    name, known = call.params["Name"], call.backend._parameters
    return known[name][-1] if name in known and known[name] else None


@after("ssm", "PutParameter")
def forget_key(call: Call, _: dict[str, Any]) -> None:
    """Only SecureStrings have a key; moto keeps it when the type changes."""
    parameter = _older(call)
    if parameter and parameter.parameter_type != "SecureString":
        parameter.keyid = None


@after("ssm", *READS)
def hide_secrets(call: Call, result: dict[str, Any]) -> None:
    """Without decryption the value is a ciphertext; moto shows `kms:key:value`."""
    if call.params.get("WithDecryption"):
        return
    for shown in [result.get("Parameter"), *(result.get("Parameters") or [])]:
        if shown and shown.get("Type") == "SecureString":
            digest = hashlib.sha256(shown["Value"].encode()).digest()
            shown["Value"] = base64.b64encode(b"\x01\x02\x02\x00" + digest).decode()


@before("ssm", "DescribeParameters")
def describe_parameters(call: Call) -> dict[str, Any]:
    """All filters and page sizes; moto pages by ten and finds nothing by tier or data type."""
    filters = call.params.get("ParameterFilters") or []
    own = [f for f in filters if f["Key"] in ("Tier", "DataType")]
    others = [f for f in filters if f not in own]
    found = call.backend.describe_parameters(call.params.get("Filters"), others)
    for item in own:
        name = "tier" if item["Key"] == "Tier" else "data_type"
        found = [p for p in found if getattr(p, name) in (item.get("Values") or [])]
    start = int(call.params.get("NextToken") or 0)
    end = start + min(call.params.get("MaxResults") or 10, MAX_PAGE)
    answer = {"Parameters": [_described(call, p) for p in found[start:end]]}
    return {**answer, "NextToken": str(end)} if end < len(found) else answer


def _described(call: Call, parameter: Parameter) -> dict[str, Any]:
    shown = {
        "Name": parameter.name,
        "ARN": parameter.response_object(region=call.region)["ARN"],
        "Type": parameter.parameter_type,
        "KeyId": parameter.keyid,
        "LastModifiedDate": parameter.last_modified_date.timestamp(),
        "LastModifiedUser": f"arn:aws:iam::{call.account}:root",
        "Description": parameter.description,
        "AllowedPattern": parameter.allowed_pattern,
        "Version": parameter.version,
        "Tier": parameter.tier or "Standard",
        "Policies": _policies(parameter),
        "DataType": parameter.data_type,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _policies(parameter: Parameter) -> list[dict[str, str]]:
    try:
        policies = json.loads(parameter.policies or "[]")
    except ValueError:
        return []
    return [
        {
            "PolicyText": json.dumps(policy, separators=(",", ":")),
            "PolicyType": policy.get("Type", ""),
            "PolicyStatus": "Pending",
        }
        for policy in policies
        if isinstance(policy, dict)
    ]
