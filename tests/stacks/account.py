"""The deployed account, as boto3 sees it."""

import json
import urllib.parse
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
REGION = "ca-central-1"
PREFIX = "findata-local"


class Account:
    """The deployed account through an independent client; things are found by their names, or by the tag with the address."""

    def __init__(self, client: Callable[[str], Any]):
        self._make = client
        self._clients: dict[str, Any] = {}

    def __getattr__(self, service: str) -> Any:
        """The client of a service: account.ec2."""
        if service not in self._clients:
            self._clients[service] = self._make(service)
        return self._clients[service]

    def id(self, address: str) -> str:
        """The id of something in the network, by its address."""
        wanted = [{"Name": "key", "Values": ["strata:address"]}, {"Name": "value", "Values": [address]}]
        return self.ec2.describe_tags(Filters=wanted)["Tags"][0]["ResourceId"]

    def tags(self, address: str) -> dict[str, str]:
        """All tags of something in the network."""
        found = self.ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [self.id(address)]}])["Tags"]
        return plain(found)

    def key(self, purpose: str) -> str:
        """The id of a key, whatever its alias says."""
        wanted = [{"Key": "strata:address", "Values": [f"security/{purpose}-key"]}]
        found = self.resourcegroupstaggingapi.get_resources(TagFilters=wanted)["ResourceTagMappingList"]
        return found[0]["ResourceARN"].split("/")[-1]

    def names(self) -> dict[str, str]:
        """Addresses of what the service chose an id for, by that id: things of the network, keys, the role of flow logs."""
        found = self.ec2.describe_tags(Filters=[{"Name": "key", "Values": ["strata:address"]}])["Tags"]
        names = {tag["ResourceId"]: tag["Value"] for tag in found}
        for purpose in ("lake", "database", "secrets", "logs", "registry"):
            names[self.key(purpose)] = f"security/{purpose}-key"
        return {**names, self.flow_log_role(): "network/flow-log-role"}

    def flow_log_role(self) -> str:
        """Its name is made by Strata."""
        names = [role["RoleName"] for role in self.iam.list_roles()["Roles"]]
        return next(name for name in names if name.startswith("foundation-network-flow-log-role-"))


def named(value: Any, names: dict[str, str]) -> Any:
    """The value with {address} for every id in it."""
    if isinstance(value, dict):
        return {key: named(inner, names) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [named(inner, names) for inner in value]
    if isinstance(value, str):
        for name, address in names.items():
            value = value.replace(name, f"{{{address}}}")
    return value


# What the parts of a bucket say that are not there.
ABSENT = (
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ReplicationConfigurationNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


def asked(answer: Callable[[], dict], *path: str) -> Any:
    """A part of an answer; None where the service says that there is none."""
    try:
        found = answer()
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise
        return None
    for name in path:
        found = found.get(name) if found else None
    return found


def bucket(purpose: str) -> dict[str, str]:
    """The parameter that names a bucket of the lake."""
    return {"Bucket": f"{PREFIX}-{purpose}-{ACCOUNT}"}


def plain(tags: list[dict[str, str]]) -> dict[str, str]:
    """Tags as a map, whatever the service calls their members; without those that Strata puts on for itself at creation."""
    pairs = {(t.get("Key") or t["key"]): t.get("Value", t.get("value", "")) for t in tags}
    return {key: value for key, value in pairs.items() if key != "strata:token"}


def document(text: str | dict) -> dict:
    """A policy document as a tree, percent-encoded or not."""
    return text if isinstance(text, dict) else json.loads(urllib.parse.unquote(text))


def what_is_left(platform) -> list[str]:
    """Names and ids of our things that an account holds; the tagging API also lists what was deleted."""
    ec2 = platform.client("ec2")
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "tag-key", "Values": ["strata:stack"]}])["Vpcs"]
    return [
        *(bucket["Name"] for bucket in platform.client("s3").list_buckets()["Buckets"]),
        *(instance["DBInstanceIdentifier"] for instance in platform.client("rds").describe_db_instances()["DBInstances"]),
        *(role["RoleName"] for role in platform.client("iam").list_roles()["Roles"] if "/aws-service-role/" not in role["Path"]),
        *(cluster for cluster in platform.client("ecs").list_clusters()["clusterArns"]),
        *(vpc["VpcId"] for vpc in vpcs),
    ]
