"""DynamoDB: table settings, definitions that add up, tokens of transactions."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models import DynamoDBBackend

from strata_emulator.call import Call, partition
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before, on_reset

BATCH_LIMIT = 25
_transactions: dict[tuple[str, str, str], dict[str, Any]] = {}
on_reset(_transactions.clear)


def _table(call: Call) -> Any:
    """The table by name or ARN; None leaves the refusal to moto."""
    return call.backend.tables.get(call.params["TableName"].split("/")[-1])


@after("dynamodb", "CreateTable")
def set_policy(call: Call, result: dict[str, Any]) -> None:
    """A resource policy given on create is put as if by its own call."""
    if call.params.get("ResourcePolicy"):
        arn = result["TableDescription"]["TableArn"]
        call.backend.put_resource_policy(arn, call.params["ResourcePolicy"], None)


@before("dynamodb", "UpdateTable")
def check_update(call: Call) -> None:
    """Definitions are added to those there are; moto replaces them, even when it then fails."""
    table, params = _table(call), call.params
    if table is None:
        return
    names = {index.name for index in table.global_indexes}
    for change in params.get("GlobalSecondaryIndexUpdates") or []:
        _check_index(change, names)
    if params.get("AttributeDefinitions"):
        sent = {item["AttributeName"]: item for item in params["AttributeDefinitions"]}
        older = [item for item in table.attr if item["AttributeName"] not in sent]
        params["AttributeDefinitions"] = older + list(sent.values())
        call.rewrite()


def _check_index(change: dict[str, Any], names: set[str]) -> None:
    for verb, wanted in change.items():
        name = wanted["IndexName"]
        if verb == "Create" and name in names:
            raise AwsError(
                "ValidationException", f"Attempting to create an index which already exists: {name}"
            )
        if verb != "Create" and name not in names:
            raise AwsError(
                "ResourceNotFoundException", f"Requested resource not found: index {name}"
            )


@after("dynamodb", "UpdateTable")
def follow_update(call: Call, result: dict[str, Any]) -> None:
    table, params = _table(call), call.params
    used = {key["AttributeName"] for key in table.schema}
    for index in [*table.global_indexes, *table.indexes]:
        used |= {key["AttributeName"] for key in index.schema}
    table.attr = [item for item in table.attr if item["AttributeName"] in used]
    if params.get("BillingMode") == "PAY_PER_REQUEST":
        table.throughput = {
            "ReadCapacityUnits": 0,
            "WriteCapacityUnits": 0,
            "NumberOfDecreasesToday": 0,
        }
    sse = params.get("SSESpecification")
    if sse is not None:
        table.sse_specification = dict(sse) if sse.get("Enabled") else None
    if (params.get("StreamSpecification") or {}).get("StreamEnabled") is False:
        table.stream_shard = table.latest_stream_label = None
        table.stream_specification = None
    result["TableDescription"]["AttributeDefinitions"] = table.attr


@after("dynamodb", "CreateTable", "UpdateTable")
def keep_index_limits(call: Call, _: dict[str, Any]) -> None:
    """The on-demand limits of indexes, which moto drops as it does those of tables."""
    updates = call.params.get("GlobalSecondaryIndexUpdates") or []
    indexes = [change.get("Create") or change.get("Update") or {} for change in updates]
    indexes += call.params.get("GlobalSecondaryIndexes") or []
    limits = {i["IndexName"]: i["OnDemandThroughput"] for i in indexes if "OnDemandThroughput" in i}
    fresh = call.operation == "CreateTable"
    keep(call, "IndexLimits", call.params["TableName"].split("/")[-1], limits, whole=fresh)


@after("dynamodb", "CreateTable", "DescribeTable", "UpdateTable")
def show_index_limits(call: Call, result: dict[str, Any]) -> None:
    shown = result.get("Table") or result.get("TableDescription") or {}
    limits = kept(call, "IndexLimits").get(shown.get("TableName", ""), {})
    for index in shown.get("GlobalSecondaryIndexes") or []:
        if index["IndexName"] in limits:
            index["OnDemandThroughput"] = limits[index["IndexName"]]


@after("dynamodb", "CreateTable", "DescribeTable", "UpdateTable")
def show_key_arn(call: Call, result: dict[str, Any]) -> None:
    """The key is shown by its ARN, whatever form was sent; on demand means zero throughput."""
    shown = result.get("Table") or result.get("TableDescription") or {}
    sse = shown.get("SSEDescription")
    if sse and sse.get("KMSMasterKeyArn"):
        sse["KMSMasterKeyArn"] = _key_arn(call, sse["KMSMasterKeyArn"])


def _key_arn(call: Call, name: str) -> str:
    if name.startswith("arn:") and ":key/" in name:
        return name
    from moto.kms.models import kms_backends

    backend = kms_backends[call.account][call.region]
    key = backend.keys.get(backend.any_id_to_key_id(name))
    place = f"arn:{partition(call.region)}:kms:{call.region}:{call.account}"
    return key.arn if key else f"{place}:key/{name}"


@after("dynamodb", "DeleteTable")
def show_deleting(_: Call, result: dict[str, Any]) -> None:
    result["TableDescription"]["TableStatus"] = "DELETING"


@before("dynamodb", "UpdateTimeToLive")
def refuse_same_ttl(call: Call) -> None:
    table, wanted = _table(call), call.params["TimeToLiveSpecification"]
    if table is None:
        return
    enabled = table.ttl.get("TimeToLiveStatus") == "ENABLED"
    if enabled == bool(wanted.get("Enabled")):
        state = "enabled" if enabled else "disabled"
        raise AwsError("ValidationException", f"TimeToLive is already {state}")


@before("dynamodb", "TagResource", "UntagResource", "ListTagsOfResource")
def refuse_tags_of_nothing(call: Call) -> None:
    name = call.params["ResourceArn"].split("/")[-1]
    if ":table/" in call.params["ResourceArn"] and name not in call.backend.tables:
        raise AwsError("ResourceNotFoundException", f"Requested resource not found: {name}")


@before("dynamodb", "BatchWriteItem")
def check_batch(call: Call) -> None:
    if sum(len(items) for items in call.params.get("RequestItems", {}).values()) > BATCH_LIMIT:
        raise AwsError(
            "ValidationException", "Too many items requested for the BatchWriteItem call"
        )


@before("dynamodb", "TransactWriteItems")
def answer_same_token(call: Call) -> dict[str, Any] | None:
    """A transaction repeated with its token is not done again.

    That other writes are lost meanwhile is cured elsewhere: handlers run one at a time.
    """
    done = _transactions.get(_token(call))
    if done is None:
        return None
    if done != call.params["TransactItems"]:
        raise AwsError("IdempotentParameterMismatchException", "The token belongs to other items.")
    return {}


@after("dynamodb", "TransactWriteItems")
def remember_token(call: Call, _: dict[str, Any]) -> None:
    if call.params.get("ClientRequestToken"):
        _transactions[_token(call)] = call.params["TransactItems"]


def _token(call: Call) -> tuple[str, str, str]:
    return call.account, call.region, call.params.get("ClientRequestToken") or call.request_id


def _tag_resource(self: DynamoDBBackend, arn: str, tags: dict[str, str]) -> None:
    """A key that is there gets the new value; moto lists it twice."""
    for table in self.tables.values():
        if table.table_arn == arn:
            older = [tag for tag in table.tags if tag["Key"] not in tags]
            table.tags = older + [{"Key": key, "Value": value} for key, value in tags.items()]


DynamoDBBackend.tag_resource = _tag_resource
