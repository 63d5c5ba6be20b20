"""CloudWatch Logs: groups and metric filters."""

from __future__ import annotations

import pytest


@pytest.fixture
def logs(aws):
    return aws("logs")


def only(logs, name):
    return logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]


def test_class_and_protection_come_back(logs, refused):
    logs.create_log_group(logGroupName="/a", logGroupClass="INFREQUENT_ACCESS")
    logs.create_log_group(logGroupName="/b", deletionProtectionEnabled=True)
    assert only(logs, "/a")["logGroupClass"] == "INFREQUENT_ACCESS"
    shown = only(logs, "/b")
    assert (shown["logGroupClass"], shown["deletionProtectionEnabled"]) == ("STANDARD", True)
    assert refused(logs.delete_log_group, logGroupName="/b") == "ValidationException"
    logs.put_log_group_deletion_protection(logGroupIdentifier="/b", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="/b")


def test_keys_are_associated(logs, refused):
    logs.create_log_group(logGroupName="/a")
    key = "arn:aws:kms:eu-west-1:111111111111:key/k"
    logs.associate_kms_key(logGroupName="/a", kmsKeyId=key)
    assert only(logs, "/a")["kmsKeyId"] == key
    logs.disassociate_kms_key(logGroupName="/a")
    assert "kmsKeyId" not in only(logs, "/a")
    missing = refused(logs.associate_kms_key, logGroupName="/none", kmsKeyId=key)
    assert missing == "ResourceNotFoundException"


def test_groups_are_selected_by_identifier_and_class(logs, account):
    for name in ("/a", "/b", "/c"):
        logs.create_log_group(logGroupName=name)
    arn = f"arn:aws:logs:eu-west-1:{account}:log-group:/c"
    found = logs.describe_log_groups(logGroupIdentifiers=["/a", arn])["logGroups"]
    assert [group["logGroupName"] for group in found] == ["/a", "/c"]
    assert logs.describe_log_groups(logGroupClass="INFREQUENT_ACCESS")["logGroups"] == []


def test_tags_and_retention_are_checked(logs, account, refused):
    arn = f"arn:aws:logs:eu-west-1:{account}:log-group:/none"
    assert refused(logs.list_tags_for_resource, resourceArn=arn) == "ResourceNotFoundException"
    logs.create_log_group(logGroupName="/a", tags={"k": "v"})
    arn = only(logs, "/a")["logGroupArn"]
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"k": "v"}
    wrong = refused(logs.put_retention_policy, logGroupName="/a", retentionInDays=2)
    assert wrong == "InvalidParameterException"


def test_filters_belong_to_a_group(logs, refused):
    wanted = {
        "logGroupName": "/a",
        "filterName": "f",
        "filterPattern": "ERROR",
        "metricTransformations": [
            {"metricName": "m", "metricNamespace": "n", "metricValue": "1", "unit": "Count"}
        ],
    }
    assert refused(logs.put_metric_filter, **wanted) == "ResourceNotFoundException"
    logs.create_log_group(logGroupName="/a")
    logs.put_metric_filter(**wanted)
    logs.put_metric_filter(**{**wanted, "filterPattern": "WARN", "applyOnTransformedLogs": True})
    found = logs.describe_metric_filters(logGroupName="/a")["metricFilters"]
    assert [f["filterPattern"] for f in found] == ["WARN"]
    assert found[0]["applyOnTransformedLogs"] is True
    assert only(logs, "/a")["metricFilterCount"] == 1
    missing = refused(logs.delete_metric_filter, logGroupName="/a", filterName="x")
    assert missing == "ResourceNotFoundException"
    logs.delete_log_group(logGroupName="/a")
    assert logs.describe_metric_filters()["metricFilters"] == []
