"""A change from outside."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from account import Account, document


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
