"""Gives back what moto accepts and then drops.

One table (`echo_table.ROWS`) says, for each kind of object, which members to keep when it is
written and where they belong in the answers that show it. Nothing else is invented here: a member
comes back exactly as it was sent, or with the row's default where a real account has one.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from strata_emulator import mends
from strata_emulator.call import GLOBAL_SERVICES, Call

# Writes with these verbs describe the whole object: what was kept before is forgotten.
WHOLE = ("Create", "Put", "Register", "Allocate")


@dataclass(frozen=True)
class Row:
    """One kind of object.

    `key` is the parameter that names the object in requests, `item_key` the member that names it
    in answers ("" when only the request names it). `keep` maps an operation to the members it
    sets, each as "Path.In.Params" or "Path.In.Params>Member.Of.Item". `show` maps an operation to
    the place of the item, or of the list of items, in its answer ("" is the answer itself).
    """

    service: str
    kind: str
    key: str
    keep: dict[str, list[str]]
    show: dict[str, str]
    item_key: str = ""
    forget: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


_kept: dict[tuple[str, str, str, str], dict[str, dict[str, Any]]] = {}
mends.on_reset(_kept.clear)


def get_path(value: Any, path: str) -> Any:
    """The value at a dotted path of members, None where there is none."""
    for name in path.split(".") if path else []:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def set_path(item: dict[str, Any], path: str, value: Any) -> None:
    """Sets the member at a dotted path; makes the structures on the way."""
    *parents, last = path.split(".")
    for name in parents:
        item = item.setdefault(name, {})
    item[last] = value


def kept(call: Call, row_kind: str) -> dict[str, dict[str, Any]]:
    """What is kept of one kind in the call's account and region, by the objects' names."""
    region = "" if call.service in GLOBAL_SERVICES else call.region
    return _kept.setdefault((call.account, region, call.service, row_kind), {})


def keep(call: Call, kind: str, name: str, members: dict[str, Any], whole: bool = False) -> None:
    """Keeps members of an object by hand, for what no table row can say."""
    store = kept(call, kind)
    if whole:
        store[name] = {}
    store.setdefault(name, {}).update(copy.deepcopy(members))


def install(row: Row) -> None:
    """Registers the row's work with the mends."""
    for operation in {*row.keep, *row.show}:
        mends.after(row.service, operation)(_worker(row, operation))
    for operation in row.forget:
        mends.after(row.service, operation)(_forgetter(row))


def _worker(row: Row, operation: str):
    def work(call: Call, result: dict[str, Any]) -> None:
        if operation in row.keep:
            _keep(row, operation, call, result)
        if operation in row.show:
            _show(row, operation, call, result)

    return work


def _forgetter(row: Row):
    def forget(call: Call, _: dict[str, Any]) -> None:
        kept(call, row.kind).pop(str(get_path(call.params, row.key)), None)

    return forget


def _keep(row: Row, operation: str, call: Call, result: dict[str, Any]) -> None:
    members = {}
    for entry in row.keep[operation]:
        source, _, target = entry.partition(">")
        value = get_path(call.params, source)
        if value is not None:
            members[target or source] = value
    whole = operation.startswith(WHOLE)
    for name in _names(row, operation, call, result):
        keep(call, row.kind, name, members, whole)


def _names(row: Row, operation: str, call: Call, result: dict[str, Any]) -> list[str]:
    """The object that was written, by its parameter, else by what the answer shows."""
    named = get_path(call.params, row.key)
    if named is not None:
        return [str(named)]
    items = _items(row, operation, result) if operation in row.show else []
    return [str(item[row.item_key]) for item in items if item.get(row.item_key)]


def _items(row: Row, operation: str, result: dict[str, Any]) -> list[dict[str, Any]]:
    found = get_path(result, row.show[operation])
    if isinstance(found, dict):
        return [found]
    return [item for item in found or [] if isinstance(item, dict)]


def _show(row: Row, operation: str, call: Call, result: dict[str, Any]) -> None:
    store = kept(call, row.kind)
    for item in _items(row, operation, result):
        name = item.get(row.item_key) if row.item_key else get_path(call.params, row.key)
        for member, value in row.defaults.items():
            if get_path(item, member) is None:
                set_path(item, member, copy.deepcopy(value))
        for member, value in store.get(str(name), {}).items():
            set_path(item, member, copy.deepcopy(value))
