"""A change from outside, and the account that it is made in, as boto3 sees it."""

import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
        return self._clients.setdefault(service, self._clients.get(service) or self._make(service))

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


def with_statement(policy: str | dict, **statement: Any) -> str:
    """The policy with one more statement."""
    tree = document(policy)
    return json.dumps({**tree, "Statement": [*tree["Statement"], {"Sid": "Theirs", "Effect": "Allow", **statement}]})


@dataclass(frozen=True)
class Change:
    """One change from outside.

    `path` is what `drift` must name at `address`; "" where the whole thing goes. `read` shows the place that is changed,
    `make` changes it. `calls` are those that `up` needs to put it back. A `foreign` change touches what the program never
    set: `drift` says nothing of it (with --full it is shown at `path`, where that is known), and nobody takes it back.
    """

    about: str
    address: str
    path: str | tuple[str, ...]
    read: Callable[[Account], Any]
    make: Callable[[Account], Any]
    calls: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path,) if isinstance(self.path, str) else self.path

    @property
    def gone(self) -> bool:
        return self.path == "" and not self.foreign

    @property
    def stack(self) -> str:
        return {"lake": "data-lake", "orchestration": "orchestration"}.get(self.address.split("/")[0], "foundation")


def gone(about: str, address: str, read: Callable, make: Callable, *calls: str) -> Change:
    """The thing itself is deleted."""
    return Change(about, address, "", read, make, calls)


def foreign(about: str, address: str, path: str, read: Callable, make: Callable) -> Change:
    """Something that the program never set is changed."""
    return Change(about, address, path, read, make, foreign=True)
