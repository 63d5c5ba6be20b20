"""How one resource is asked for and looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from account import Account

STACKS = {"lake": "data-lake.local", "orchestration": "orchestration.local"}


@dataclass(frozen=True)
class Wanted:
    """`properties` by their names at the service, as the program asks for them; `read` shows the same of the live resource.

    {address} in a text stands for the id of that resource.
    """

    properties: dict[str, Any]
    read: Callable[[Account], dict[str, Any]]


def tags(address: str, **own: str) -> dict[str, str]:
    """Those of the settings, of the provider and of Strata, and the resource's own."""
    return {
        "project": "financial-data",
        "environment": "local",
        "owner": "data-platform",
        "cost-center": "4200",
        "managed-by": "strata",
        "strata:stack": STACKS.get(address.split("/")[0], "foundation.local"),
        "strata:address": address,
        **own,
    }


def some(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those members of an answer; None for what it lacks."""
    return {name: answer.get(name) for name in names}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusted_service(name: str) -> dict[str, Any]:
    """The trust of a role that a service takes on for this account."""
    return policy(
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": [name]},
            "Condition": {"StringEquals": {"aws:SourceAccount": ["123456789012"]}},
        }
    )
