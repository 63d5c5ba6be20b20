"""SNS: attributes of topics that moto drops, and creates that differ."""

from __future__ import annotations

import json
from typing import Any

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

FEEDBACK = [
    f"{protocol}{kind}"
    for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
]
DROPPED = ("TracingConfig", "SignatureVersion", "FifoThroughputScope", "ArchivePolicy", *FEEDBACK)
# API_SetTopicAttributes. DataProtectionPolicy has calls of its own.
KNOWN = {
    *DROPPED, "DeliveryPolicy", "DisplayName", "Policy", "FifoTopic", "ContentBasedDeduplication",
    "KmsMasterKeyId",
}  # fmt: skip
PROTOCOLS = {
    "http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose",
}  # fmt: skip


def invalid(message: str) -> AwsError:
    return AwsError("InvalidParameter", f"Invalid parameter: {message}")


def _check(name: str, value: str) -> None:
    if name not in KNOWN:
        raise invalid("AttributeName")
    if name in ("Policy", "DeliveryPolicy", "ArchivePolicy"):
        _check_document(name, value)


def _check_document(name: str, text: str) -> None:
    try:
        json.loads(text or "{}")
    except ValueError:
        raise invalid(f"{name} Reason: not a JSON document") from None


@before("sns", "CreateTopic")
def refuse_other_attributes(call: Call) -> None:
    """A topic of that name with other attributes or tags is not changed by a create."""
    sent = call.params.get("Attributes") or {}
    for name, value in sent.items():
        _check(name, value)
    arn = f"arn:aws:sns:{call.region}:{call.account}:{call.params['Name']}"
    topic = call.backend.topics.get(arn)
    call.facts["fresh"] = topic is None
    if topic is None:
        return
    known = kept(call, "Topic").get(arn, {}).get("sent", {})
    if any(known.get(name) != value for name, value in sent.items()):
        raise invalid("Attributes Reason: Topic already exists with different attributes")
    tags = {tag["Key"]: tag["Value"] for tag in call.params.get("Tags") or []}
    if tags and tags != dict(topic._tags or {}):
        raise invalid("Tags Reason: Topic already exists with different tags")


@after("sns", "CreateTopic")
def keep_attributes(call: Call, result: dict[str, Any]) -> None:
    if call.facts["fresh"]:
        sent = dict(call.params.get("Attributes") or {})
        keep(call, "Topic", result["TopicArn"], {"sent": sent}, whole=True)


@before("sns", "SetTopicAttributes")
def check_attribute(call: Call) -> None:
    _check(call.params["AttributeName"], call.params.get("AttributeValue") or "")


@after("sns", "SetTopicAttributes")
def keep_attribute(call: Call, _: dict[str, Any]) -> None:
    arn, name = call.params["TopicArn"], call.params["AttributeName"]
    sent = dict(kept(call, "Topic").get(arn, {}).get("sent", {}))
    sent[name] = call.params.get("AttributeValue") or ""
    keep(call, "Topic", arn, {"sent": sent})


@after("sns", "GetTopicAttributes")
def show_attributes(call: Call, result: dict[str, Any]) -> None:
    sent = kept(call, "Topic").get(call.params["TopicArn"], {}).get("sent", {})
    shown = result["Attributes"]
    for name in (*DROPPED, "Policy"):
        if sent.get(name):
            shown[name] = sent[name]
    if shown.get("FifoTopic"):
        shown.setdefault("FifoThroughputScope", "Topic")


@before("sns", "PutDataProtectionPolicy", "GetDataProtectionPolicy")
def data_protection_policy(call: Call) -> dict[str, Any]:
    """Kept and given back; nothing is audited, masked or denied."""
    arn = call.params["ResourceArn"]
    if arn not in call.backend.topics:
        raise AwsError("NotFound", "Topic does not exist", 404)
    if call.operation == "PutDataProtectionPolicy":
        text = call.params["DataProtectionPolicy"]
        _check_document("DataProtectionPolicy", text)
        keep(call, "DataProtection", arn, {"text": text})
        return {}
    text = kept(call, "DataProtection").get(arn, {}).get("text", "")
    return {"DataProtectionPolicy": text} if text else {}


@after("sns", "DeleteTopic")
def forget_topic(call: Call, _: dict[str, Any]) -> None:
    kept(call, "Topic").pop(call.params["TopicArn"], None)
    kept(call, "DataProtection").pop(call.params["TopicArn"], None)


@before("sns", "Subscribe")
def check_protocol(call: Call) -> None:
    if call.params.get("Protocol") not in PROTOCOLS:
        raise invalid("Protocol Reason: unknown protocol")
