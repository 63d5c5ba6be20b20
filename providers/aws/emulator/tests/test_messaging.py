"""SQS, SNS and CloudWatch."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def sqs(aws):
    return aws("sqs")


@pytest.fixture
def sns(aws):
    return aws("sns")


def test_redrive_allow_policies_come_back(sqs):
    allow = json.dumps({"redrivePermission": "denyAll"})
    url = sqs.create_queue(QueueName="q", Attributes={"RedriveAllowPolicy": allow})["QueueUrl"]
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedriveAllowPolicy"])
    assert read["Attributes"] == {"RedriveAllowPolicy": allow}
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert read["RedriveAllowPolicy"] == allow and read["CreatedTimestamp"].isdigit()
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ""})
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "RedriveAllowPolicy" not in read


def test_queue_policies_come_back_as_sent_and_go(sqs, account):
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:eu-west-1:{account}:q",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": policy})["QueueUrl"]
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    assert read == {"Policy": policy}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "Policy" not in read


def test_a_key_ends_the_encryption_of_sqs(sqs):
    url = sqs.create_queue(QueueName="q", Attributes={"KmsMasterKeyId": "alias/aws/sqs"})[
        "QueueUrl"
    ]
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert read["SqsManagedSseEnabled"] == "false"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "KmsMasterKeyId" not in read


def test_a_queue_whose_key_is_taken_off_is_encrypted_by_sqs_again(sqs):
    url = sqs.create_queue(QueueName="q", Attributes={"KmsMasterKeyId": "alias/aws/sqs"})[
        "QueueUrl"
    ]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": ""})
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "KmsMasterKeyId" not in read and read["SqsManagedSseEnabled"] == "true"


def test_queue_attributes_are_checked(sqs, refused):
    create = sqs.create_queue
    assert refused(create, QueueName="q", Attributes={"Nope": "1"}) == "InvalidAttributeName"
    wrong = refused(create, QueueName="q", Attributes={"VisibilityTimeout": "99999"})
    assert wrong == "InvalidAttributeValue"
    assert refused(create, QueueName="q", Attributes={"Policy": "{"}) == "InvalidAttributeValue"


def test_topic_attributes_come_back(sns, refused):
    wanted = {
        "TracingConfig": "Active",
        "SignatureVersion": "2",
        "SQSSuccessFeedbackRoleArn": "arn:aws:iam::111111111111:role/r",
    }
    arn = sns.create_topic(Name="t", Attributes=wanted)["TopicArn"]
    read = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert {name: read[name] for name in wanted} == wanted
    assert sns.create_topic(Name="t", Attributes=wanted)["TopicArn"] == arn
    other = refused(sns.create_topic, Name="t", Attributes={"TracingConfig": "PassThrough"})
    assert other == "InvalidParameter"
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="TracingConfig", AttributeValue="PassThrough"
    )
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["TracingConfig"] == "PassThrough"
    sns.delete_topic(TopicArn=arn)
    arn = sns.create_topic(Name="t")["TopicArn"]
    assert "TracingConfig" not in sns.get_topic_attributes(TopicArn=arn)["Attributes"]


def test_data_protection_policies_come_back(sns, refused):
    arn = sns.create_topic(Name="t")["TopicArn"]
    assert "DataProtectionPolicy" not in sns.get_data_protection_policy(ResourceArn=arn)
    policy = json.dumps({"Name": "p", "Version": "2021-06-01", "Statement": []})
    sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=policy)
    assert sns.get_data_protection_policy(ResourceArn=arn)["DataProtectionPolicy"] == policy
    assert refused(sns.get_data_protection_policy, ResourceArn=arn + "x") == "NotFound"
    put = sns.put_data_protection_policy
    assert refused(put, ResourceArn=arn, DataProtectionPolicy="{") == "InvalidParameter"
    put(ResourceArn=arn, DataProtectionPolicy="")
    assert "DataProtectionPolicy" not in sns.get_data_protection_policy(ResourceArn=arn)


def test_topics_and_subscriptions_are_checked(sns, refused):
    wrong = refused(sns.create_topic, Name="t", Attributes={"Policy": "{"})
    assert wrong == "InvalidParameter"
    arn = sns.create_topic(Name="t")["TopicArn"]
    wrong = refused(sns.subscribe, TopicArn=arn, Protocol="pigeon", Endpoint="x")
    assert wrong == "InvalidParameter"


@pytest.fixture
def cloudwatch(aws):
    return aws("cloudwatch")


def alarm(name: str, **more) -> dict:
    return {
        "AlarmName": name,
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }


def test_alarms_start_without_data_and_keep_their_tags(cloudwatch):
    cloudwatch.put_metric_alarm(**alarm("a", Tags=[{"Key": "k", "Value": "1"}]))
    shown = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]
    assert shown["StateValue"] == "INSUFFICIENT_DATA" and "Metrics" not in shown
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="test")
    cloudwatch.put_metric_alarm(**alarm("a", Tags=[{"Key": "k", "Value": "2"}], Threshold=2.0))
    shown = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]
    assert (shown["StateValue"], shown["Threshold"]) == ("OK", 2.0)
    tags = cloudwatch.list_tags_for_resource(ResourceARN=shown["AlarmArn"])["Tags"]
    assert tags == [{"Key": "k", "Value": "1"}]
    composite = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])
    assert composite["MetricAlarms"] == []


def test_alarms_are_deleted_together_or_not_at_all(cloudwatch, refused):
    cloudwatch.put_metric_alarm(**alarm("a"))
    missing = refused(cloudwatch.delete_alarms, AlarmNames=["a", "none"])
    assert missing in ("ResourceNotFound", "ResourceNotFoundException")
    assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 1
    cloudwatch.delete_alarms(AlarmNames=["a"])
