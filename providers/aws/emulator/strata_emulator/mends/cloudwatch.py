"""CloudWatch alarms."""

from __future__ import annotations

from typing import Any

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before


@before("cloudwatch", "PutMetricAlarm")
def note_existing(call: Call) -> None:
    """Tags of a put count only when it makes the alarm (API_PutMetricAlarm)."""
    alarm = call.backend.alarms.get(call.params["AlarmName"])
    call.facts["older"] = alarm
    if alarm:
        call.facts["tags"] = call.backend.tagger.get_tag_dict_for_resource(alarm.alarm_arn)
    _check(call.params)


def _check(params: dict[str, Any]) -> None:
    if not params.get("MetricName") and not params.get("Metrics"):
        raise AwsError("ValidationError", "Either MetricName or Metrics must be specified")
    if params.get("Statistic") and params.get("ExtendedStatistic"):
        raise AwsError(
            "InvalidParameterCombination", "Use Statistic or ExtendedStatistic, not both"
        )
    points, periods = params.get("DatapointsToAlarm"), params.get("EvaluationPeriods")
    if points and periods and points > periods:
        raise AwsError("ValidationError", "DatapointsToAlarm must not exceed EvaluationPeriods")


@after("cloudwatch", "PutMetricAlarm")
def finish_alarm(call: Call, _: dict[str, Any]) -> None:
    """A new alarm has seen no data yet; one put again keeps its state and its tags."""
    alarm, older = call.backend.alarms[call.params["AlarmName"]], call.facts["older"]
    if older is None:
        alarm.state_value = "INSUFFICIENT_DATA"
        alarm.state_reason = "Unchecked: Initial alarm creation"
        return
    alarm.state_value, alarm.state_reason = older.state_value, older.state_reason
    call.backend.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
    tags = call.backend.tagger.convert_dict_to_tags_input(call.facts["tags"])
    call.backend.tagger.tag_resource(alarm.alarm_arn, tags)


@after("cloudwatch", "PutMetricAlarm")
def keep_accounts(call: Call, _: dict[str, Any]) -> None:
    """Moto drops the accounts of the metrics of an expression."""
    metrics = call.params.get("Metrics") or []
    accounts = {metric["Id"]: metric["AccountId"] for metric in metrics if "AccountId" in metric}
    keep(call, "Accounts", call.params["AlarmName"], accounts, whole=True)


@after("cloudwatch", "DescribeAlarms")
def filter_alarms(call: Call, result: dict[str, Any]) -> None:
    """Types select, and metric alarms are what is shown by default."""
    types = call.params.get("AlarmTypes") or ["MetricAlarm"]
    for kind in ("MetricAlarm", "CompositeAlarm"):
        if kind not in types:
            result[f"{kind}s"] = []
    for alarm in result.get("MetricAlarms") or []:
        if not alarm.get("Metrics"):
            alarm.pop("Metrics", None)
        accounts = kept(call, "Accounts").get(alarm["AlarmName"], {})
        for metric in alarm.get("Metrics") or []:
            if metric["Id"] in accounts:
                metric["AccountId"] = accounts[metric["Id"]]


@before("cloudwatch", "DeleteAlarms")
def refuse_missing(call: Call) -> None:
    """All or none are deleted."""
    missing = [name for name in call.params["AlarmNames"] if name not in call.backend.alarms]
    if missing:
        raise AwsError("ResourceNotFound", f"Alarm {missing[0]} does not exist", 404)
