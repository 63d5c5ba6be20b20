"""What must hold after a run that was killed and the runs that mended it."""

from __future__ import annotations

import collections
import dataclasses
import json
import re

from declared import addresses_in, kinds, name_of, texts_in
from emulation import Clients
from inventory import existing
from place import Place


@dataclasses.dataclass
class Findings:
    duplicates: list[str] = dataclasses.field(default_factory=list)
    orphans: list[str] = dataclasses.field(default_factory=list)
    others: list[str] = dataclasses.field(default_factory=list)

    def all(self) -> list[str]:
        return [
            *(f"duplicate: {text}" for text in self.duplicates),
            *(f"orphan: {text}" for text in self.orphans),
            *self.others,
        ]

    def add(self, other: Findings) -> None:
        self.duplicates += other.duplicates
        self.orphans += other.orphans
        self.others += other.others


@dataclasses.dataclass(frozen=True)
class Clean:
    """What the same runs do when nobody disturbs them."""

    creates: collections.Counter
    deletes: collections.Counter
    create_first: frozenset[str]  # addresses whose successor is made before they go


def clean_of(place: Place, before: dict) -> Clean:
    changes = place.emulation.changes()
    order = order_of_replacement(changes, before)
    first = frozenset(address for address, (made, gone) in order.items() if made < gone)
    return Clean(creates_in(changes), deletes_in(changes), first)


def creates_in(changes: list[dict]) -> collections.Counter:
    """How many different things each operation made. The same one made again, by an operation that takes that, counts once; an answer may
    name more beside it the first time."""
    making = {kind.creates for kind in kinds().values()}
    things: dict[str, list[set[str]]] = collections.defaultdict(list)
    for call in changes:
        made, known = set(call["made"]), things[name_of(call)]
        if name_of(call) in making and not any(made <= other or other <= made for other in known):
            known.append(made)
    return collections.Counter({name: len(different) for name, different in things.items() if different})


def deletes_in(changes: list[dict]) -> collections.Counter:
    """How many different things each operation ended."""
    ending = {kind.deletes for kind in kinds().values()}
    things = {(name_of(call), json.dumps(call["params"], sort_keys=True)) for call in changes if name_of(call) in ending}
    return collections.Counter(name for name, _ in things)


def order_of_replacement(changes: list[dict], before: dict) -> dict[str, tuple[int, int]]:
    """For each resource of `before` that was replaced: at which change its successor was made, and at which it went itself.

    Where one of the two cannot be seen (no tags, the same call as an update) it is left out."""
    order = {}
    for resource in before.get("resources", []):
        kind = kinds()[resource["type"]]
        made = [
            i for i, call in enumerate(changes) if name_of(call) == kind.creates and resource["address"] in addresses_in(call["params"])
        ]
        gone = [i for i, call in enumerate(changes) if name_of(call) == kind.deletes and resource["id"] in texts_in(call["params"])]
        if made and gone:
            order[resource["address"]] = (made[0], gone[0])
    return order


def check(place: Place, clients: Clients, clean: Clean, before: dict, types: frozenset[str], given_up: bool) -> Findings:
    """All of it. @param given_up  what was begun is taken down again, so that more goes than in a clean run"""
    found = check_creates(place, clean)
    if not given_up:
        found.add(check_deletes(place, clean))
        found.add(check_order(place, clean, before))
    found.add(check_inventory(place, clients, types))
    return found


def check_creates(place: Place, clean: Clean) -> Findings:
    more = creates_in(place.emulation.changes()) - clean.creates
    return Findings(duplicates=[f"{name} made {count} more than in a clean run" for name, count in more.items()])


def check_deletes(place: Place, clean: Clean) -> Findings:
    more = deletes_in(place.emulation.changes()) - clean.deletes
    return Findings(others=[f"{name} ended {count} more than in a clean run" for name, count in more.items()])


def check_order(place: Place, clean: Clean, before: dict) -> Findings:
    order = order_of_replacement(place.emulation.changes(), before)
    late = [address for address, (made, gone) in order.items() if address in clean.create_first and gone < made]
    return Findings(others=[f"{address} went before its successor was there" for address in late])


def check_inventory(place: Place, clients: Clients, types: frozenset[str]) -> Findings:
    """What exists and what state knows are the same."""
    state = place.state()
    recorded = {(resource["type"], path_of(resource["id"])) for resource in state["resources"]}
    there = {(kind, path_of(thing)) for kind, thing in existing(clients, place.emulation, sorted(types))}
    found = Findings(
        orphans=[f"{kind} {thing} exists and is not in state" for kind, thing in sorted(there - recorded)],
        others=[f"{kind} {thing} is in state and does not exist" for kind, thing in sorted(recorded - there)],
    )
    found.others += [f"state still has {count} {part}" for part in ("open", "deposed") if (count := len(state[part]))]
    return found


def path_of(thing: str) -> str:
    """An id without the address of the emulator, which is in URLs of queues and differs from copy to copy."""
    return re.sub(r"^http://[^/]+", "", thing)
