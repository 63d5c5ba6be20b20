"""Which operations make and which end things, as the resource types declare it (docs/resource-type-format.md)."""

from __future__ import annotations

import dataclasses
import functools

import yaml
from emulation import ROOT


@dataclasses.dataclass(frozen=True)
class Kind:
    """A resource type: "ec2:CreateVpc" makes one, "ec2:DeleteVpc" ends it."""

    name: str
    creates: str
    deletes: str  # empty: it stays


@functools.cache
def kinds() -> dict[str, Kind]:
    files = sorted((ROOT / "providers/aws/types").glob("*/*.yaml"))
    return {kind.name: kind for kind in (_kind(yaml.safe_load(file.read_text())) for file in files)}


def _kind(declared: dict) -> Kind:
    service = declared["service"]
    creates = f"{service}:{_operation(declared['create'])}"
    always = [use for use in _as_list(declared.get("delete")) if isinstance(use, str) or not {"when", "each"} & use.keys()]
    deletes = f"{service}:{_operation(always[-1])}" if always else ""
    return Kind(declared["type"], creates, deletes)


def _operation(use: str | dict) -> str:
    return use if isinstance(use, str) else use["op"]


def _as_list(value: object) -> list:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def name_of(call: dict) -> str:
    return f"{call['service']}:{call['operation']}"


def addresses_in(parameters: object) -> set[str]:
    """The addresses of Strata that stand in the tags of a call."""
    if isinstance(parameters, list):
        return set().union(*map(addresses_in, parameters))
    if not isinstance(parameters, dict):
        return set()
    pair = {name.lower(): value for name, value in parameters.items()}
    if pair.get("key", pair.get("tagkey")) == "strata:address":
        return {pair.get("value", pair.get("tagvalue"))}
    own = {parameters["strata:address"]} if "strata:address" in parameters else set()
    return own.union(*map(addresses_in, parameters.values()))


def texts_in(parameters: object) -> set[str]:
    if isinstance(parameters, str):
        return {parameters}
    if isinstance(parameters, dict):
        parameters = list(parameters.values())
    return set().union(*map(texts_in, parameters)) if isinstance(parameters, list) else set()
