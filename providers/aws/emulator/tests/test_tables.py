"""DynamoDB and ECR."""

from __future__ import annotations

import datetime
import json
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def dynamodb(aws):
    return aws("dynamodb")


def create(dynamodb, **more):
    wanted = {
        "TableName": "table",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    return dynamodb.create_table(**{**wanted, **more})["TableDescription"]


def shown(dynamodb) -> dict:
    return dynamodb.describe_table(TableName="table")["Table"]


def test_tables_keep_what_create_was_given(dynamodb):
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "dynamodb:*", "Resource": "*"}
            ],
        }
    )
    limits = {"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6}
    made = create(
        dynamodb,
        TableClass="STANDARD_INFREQUENT_ACCESS",
        OnDemandThroughput=limits,
        ResourcePolicy=policy,
    )
    assert shown(dynamodb)["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert shown(dynamodb)["OnDemandThroughput"] == limits
    read = dynamodb.get_resource_policy(ResourceArn=made["TableArn"])
    assert read["Policy"] == policy
    dynamodb.update_table(TableName="table", TableClass="STANDARD")
    assert shown(dynamodb)["TableClassSummary"]["TableClass"] == "STANDARD"
    deleted = dynamodb.delete_table(TableName="table")["TableDescription"]
    assert deleted["TableStatus"] == "DELETING"


def test_definitions_add_up(dynamodb, refused):
    create(dynamodb)
    index = {
        "IndexName": "by-b",
        "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    change = {
        "TableName": "table",
        "AttributeDefinitions": [{"AttributeName": "b", "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": index}],
    }
    dynamodb.update_table(**change)
    names = {item["AttributeName"] for item in shown(dynamodb)["AttributeDefinitions"]}
    assert names == {"id", "b"}
    assert refused(dynamodb.update_table, **change) == "ValidationException"
    gone = [{"Delete": {"IndexName": "none"}}]
    code = refused(dynamodb.update_table, TableName="table", GlobalSecondaryIndexUpdates=gone)
    assert code == "ResourceNotFoundException"


def test_encryption_is_shown_by_arn_and_can_end(dynamodb, aws):
    key = aws("kms").create_key()["KeyMetadata"]
    sse = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key["KeyId"]}
    create(dynamodb, SSESpecification=sse)
    assert shown(dynamodb)["SSEDescription"]["KMSMasterKeyArn"] == key["Arn"]
    dynamodb.update_table(TableName="table", SSESpecification={"Enabled": False})
    assert "SSEDescription" not in shown(dynamodb)


def test_streams_can_end(dynamodb):
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    create(dynamodb, StreamSpecification=stream)
    dynamodb.update_table(TableName="table", StreamSpecification={"StreamEnabled": False})
    dynamodb.put_item(TableName="table", Item={"id": {"S": "1"}})
    assert not shown(dynamodb).get("StreamSpecification", {}).get("StreamEnabled")


def test_ttl_and_tags_are_checked(dynamodb, refused):
    arn = create(dynamodb)["TableArn"]
    ttl = {"Enabled": True, "AttributeName": "x"}
    dynamodb.update_time_to_live(TableName="table", TimeToLiveSpecification=ttl)
    again = refused(dynamodb.update_time_to_live, TableName="table", TimeToLiveSpecification=ttl)
    assert again == "ValidationException"
    for value in ("1", "2"):
        dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "k", "Value": value}])
    tags = dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]
    assert tags == [{"Key": "k", "Value": "2"}]
    missing = refused(dynamodb.list_tags_of_resource, ResourceArn=arn + "x")
    assert missing == "ResourceNotFoundException"


def test_transactions_lose_no_writes_and_honour_tokens(dynamodb):
    create(dynamodb)

    def put(i: int) -> None:
        dynamodb.put_item(TableName="table", Item={"id": {"S": f"p{i}"}})

    def cancelled(i: int) -> None:
        item = {"TableName": "table", "Item": {"id": {"S": "x"}}}
        refusing = {**item, "ConditionExpression": "attribute_exists(nothing)"}
        try:
            dynamodb.transact_write_items(TransactItems=[{"Put": refusing}])
        except dynamodb.exceptions.TransactionCanceledException:
            pass

    with ThreadPoolExecutor(8) as pool:
        for i in range(60):
            pool.submit(put, i)
            pool.submit(cancelled, i)
    assert dynamodb.scan(TableName="table")["Count"] == 60
    once = {
        "Put": {
            "TableName": "table",
            "Item": {"id": {"S": "once"}},
            "ConditionExpression": "attribute_not_exists(id)",
        }
    }
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[once], ClientRequestToken="t")


def test_login_tokens_are_valid_now(aws):
    data = aws("ecr").get_authorization_token()["authorizationData"][0]
    assert data["expiresAt"] > datetime.datetime.now(datetime.timezone.utc)


def test_exclusion_filters_come_back(aws):
    ecr = aws("ecr")
    filters = [{"filterType": "WILDCARD", "filter": "dev-*"}]
    ecr.create_repository(
        repositoryName="repo",
        imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=filters,
    )
    read = ecr.describe_repositories(repositoryNames=["repo"])["repositories"][0]
    assert read["imageTagMutabilityExclusionFilters"] == filters
