"""SQS: the redrive-allow policy, the two kinds of encryption, checks of attributes."""

from __future__ import annotations

import json
from typing import Any

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

# API_SetQueueAttributes: the range of each number.
RANGES = {
    "DelaySeconds": (0, 900),
    "MaximumMessageSize": (1024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
}
KNOWN = {
    *RANGES, "Policy", "RedrivePolicy", "RedriveAllowPolicy", "FifoQueue", "KmsMasterKeyId",
    "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit",
    "SqsManagedSseEnabled",
}  # fmt: skip
DOCUMENTS = ("Policy", "RedrivePolicy", "RedriveAllowPolicy")


def _name(call: Call) -> str:
    return call.params.get("QueueName") or str(call.params.get("QueueUrl", "")).split("/")[-1]


@before("sqs", "CreateQueue", "SetQueueAttributes")
def check_attributes(call: Call) -> None:
    for name, value in (call.params.get("Attributes") or {}).items():
        if name not in KNOWN:
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {name}.")
        if name in RANGES and value != "":
            _check_range(name, str(value))
        if name in DOCUMENTS and value:
            _check_document(name, value)


def _check_range(name: str, value: str) -> None:
    low, high = RANGES[name]
    if not value.isdigit() or not low <= int(value) <= high:
        raise AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")


def _check_document(name: str, value: str) -> None:
    try:
        json.loads(value)
    except ValueError:
        raise AwsError(
            "InvalidAttributeValue", f"Invalid value for the parameter {name}."
        ) from None


@after("sqs", "CreateQueue", "SetQueueAttributes")
def keep_attributes(call: Call, _: dict[str, Any]) -> None:
    """Documents are kept as sent; choosing a key turns SQS-owned encryption off, and back."""
    name, sent = _name(call), call.params.get("Attributes") or {}
    if call.operation == "CreateQueue" and name not in kept(call, "Queue"):
        keep(call, "Queue", name, {})
    documents = {key: sent[key] for key in DOCUMENTS if key in sent}
    keep(call, "Queue", name, documents)
    queue = call.backend.get_queue(name)
    if "KmsMasterKeyId" in sent:
        queue.sqs_managed_sse_enabled = not sent["KmsMasterKeyId"]
    if str(sent.get("SqsManagedSseEnabled", "")).lower() == "false":
        queue.sqs_managed_sse_enabled = False
    if str(sent.get("SqsManagedSseEnabled", "")).lower() == "true":
        queue.kms_master_key_id = None
    if "Policy" in sent and not sent["Policy"]:
        queue._policy_json, queue.policy = {}, None
    if "RedrivePolicy" in sent and not sent["RedrivePolicy"]:
        queue.redrive_policy = None


@before("sqs", "GetQueueAttributes")
def ask_without(call: Call) -> None:
    """Moto refuses the name RedriveAllowPolicy."""
    names = call.params.get("AttributeNames") or []
    call.facts["wanted"] = set(names)
    if "RedriveAllowPolicy" in names:
        rest = [name for name in names if name != "RedriveAllowPolicy"]
        call.params["AttributeNames"] = rest or ["QueueArn"]
        call.rewrite()


@after("sqs", "GetQueueAttributes")
def show_attributes(call: Call, result: dict[str, Any]) -> None:
    wanted = call.facts["wanted"]
    shown = {
        name: value
        for name, value in (result.get("Attributes") or {}).items()
        if "All" in wanted or name in wanted
    }
    for name, value in kept(call, "Queue").get(_name(call), {}).items():
        shown.pop(name, None)
        if value and ("All" in wanted or name in wanted):
            shown[name] = value
    for name in ("CreatedTimestamp", "LastModifiedTimestamp"):
        if name in shown:
            shown[name] = str(int(float(shown[name])))
    result["Attributes"] = shown


@after("sqs", "DeleteQueue")
def forget_queue(call: Call, _: dict[str, Any]) -> None:
    kept(call, "Queue").pop(_name(call), None)
