"""CloudWatch Logs: classes, protection, keys, filters that belong to a group."""

from __future__ import annotations

from typing import Any

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = {
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
}  # fmt: skip


def missing(what: str = "The specified log group does not exist.") -> AwsError:
    return AwsError("ResourceNotFoundException", what)


def _group(call: Call, name: str | None) -> Any:
    """The group of that name or ARN."""
    text = (name or "").removesuffix(":*")
    text = text.split(":log-group:")[-1]
    found = call.backend.groups.get(text)
    if not found:
        raise missing()
    return found


@before("logs", "PutRetentionPolicy")
def check_retention(call: Call) -> None:
    if call.params.get("retentionInDays") not in RETENTION_DAYS:
        raise AwsError("InvalidParameterException", "Invalid retention value.")


@before("logs", "AssociateKmsKey", "DisassociateKmsKey")
def set_key(call: Call) -> dict[str, Any]:
    group = _group(call, call.params.get("logGroupName") or call.params.get("resourceIdentifier"))
    group.kms_key_id = call.params.get("kmsKeyId")
    return {}


@before("logs", "PutLogGroupDeletionProtection")
def set_protection(call: Call) -> dict[str, Any]:
    group = _group(call, call.params.get("logGroupIdentifier"))
    enabled = call.params["deletionProtectionEnabled"]
    keep(call, "LogGroup", group.name, {"deletionProtectionEnabled": enabled})
    return {}


@before("logs", "DeleteLogGroup")
def refuse_protected(call: Call) -> None:
    found = kept(call, "LogGroup").get(call.params["logGroupName"], {})
    if (
        found.get("deletionProtectionEnabled")
        and call.params["logGroupName"] in call.backend.groups
    ):
        message = "The log group is protected from deletion."
        raise AwsError("ValidationException", message)


@after("logs", "DeleteLogGroup")
def drop_filters(call: Call, _: dict[str, Any]) -> None:
    """Filters and tags go with their group."""
    name, filters = call.params["logGroupName"], call.backend.filters
    filters.metric_filters = [f for f in filters.metric_filters if f["logGroupName"] != name]


@before("logs", "DescribeLogGroups")
def select_groups(call: Call) -> None:
    """Moto ignores identifiers, patterns and classes; they are applied to all groups at once."""
    if any(
        call.params.get(n) for n in ("logGroupIdentifiers", "logGroupNamePattern", "logGroupClass")
    ):
        call.facts["selected"] = True


@after("logs", "DescribeLogGroups")
def filter_groups(call: Call, result: dict[str, Any]) -> None:
    if call.facts.get("selected"):
        result["logGroups"] = [
            group.to_describe_dict() for group in _selected(call)[: call.params.get("limit", 50)]
        ]
        result.pop("nextToken", None)
    filters = call.backend.filters.metric_filters
    for shown in result.get("logGroups") or []:
        name = shown["logGroupName"]
        shown["metricFilterCount"] = sum(f["logGroupName"] == name for f in filters)
    if result.get("nextToken") is None:
        result.pop("nextToken", None)


def _selected(call: Call) -> list[Any]:
    wanted = [
        name.removesuffix(":*").split(":log-group:")[-1]
        for name in call.params.get("logGroupIdentifiers") or []
    ]
    pattern, kind = call.params.get("logGroupNamePattern"), call.params.get("logGroupClass")
    prefix = call.params.get("logGroupNamePrefix") or ""
    found = []
    for name, group in sorted(call.backend.groups.items()):
        held = kept(call, "LogGroup").get(name, {}).get("logGroupClass", "STANDARD")
        if wanted and name not in wanted or not name.startswith(prefix):
            continue
        if pattern and pattern.lower() not in name.lower() or kind and held != kind:
            continue
        found.append(group)
    return found


@before("logs", "ListTagsForResource", "TagResource", "UntagResource")
def refuse_tags_of_nothing(call: Call) -> None:
    arn = call.params.get("resourceArn") or ""
    if ":log-group:" in arn:
        _group(call, arn)


@before("logs", "PutMetricFilter")
def replace_filter(call: Call) -> None:
    """A filter of the same name is replaced; moto keeps both, and needs no group."""
    _group(call, call.params["logGroupName"])
    call.backend.filters.metric_filters = [
        f for f in call.backend.filters.metric_filters if not _same_filter(call, f)
    ]


@before("logs", "DeleteMetricFilter")
def refuse_missing_filter(call: Call) -> None:
    _group(call, call.params["logGroupName"])
    if not any(_same_filter(call, f) for f in call.backend.filters.metric_filters):
        raise missing("The specified metric filter does not exist.")


def _same_filter(call: Call, found: dict[str, Any]) -> bool:
    wanted = (call.params["filterName"], call.params["logGroupName"])
    return (found["filterName"], found["logGroupName"]) == wanted


@after("logs", "PutMetricFilter")
def keep_extras(call: Call, _: dict[str, Any]) -> None:
    """Members that moto drops are put beside those that it keeps."""
    for found in call.backend.filters.metric_filters:
        if _same_filter(call, found):
            for name in (
                "applyOnTransformedLogs",
                "fieldSelectionCriteria",
                "emitSystemFieldDimensions",
            ):
                if call.params.get(name) is not None:
                    found[name] = call.params[name]
