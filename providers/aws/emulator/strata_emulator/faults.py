"""The fault plan: which calls fail, and how. The grammar is in the README of this folder."""

from __future__ import annotations

import base64
import fnmatch
import itertools
import json
import random
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from strata_emulator.call import Call
from strata_emulator.ledger import is_mutating

SPEC = re.compile(
    r"^(?P<service>[\w.*?-]+):(?P<operation>@?[\w*?|-]+)"
    r"(?:#(?P<first>\d+)(?P<to>-(?P<last>\d+)?)?|%(?P<percent>[\d.]+)(?:@(?P<seed>\d+))?)?"
    r"=(?P<action>[\w-]+)(?::(?P<rest>.*))?$"
)
MAKING = re.compile(r"^(Create|Allocate|Register|Put|Run|Import)")
# Action -> how many arguments it takes.
ACTIONS = {
    "error": 2, "error-after": 2, "throttle": 0, "drop-before": 0, "drop-after": 0, "truncate": 0,
    "html": 0, "delay": 1, "hang": 0, "big-body": 1, "notfound-for": 1, "pause": 0,
    "pause-after": 0, "portal": 0, "echo": 3,
}  # fmt: skip


# How an `echo` writes what it repeats.
SPELLINGS = {
    "plain": lambda text: text,
    "json": lambda text: json.dumps(text, ensure_ascii=False),
    "ascii": json.dumps,
    "url": lambda text: urllib.parse.quote(text, safe=""),
    "form": urllib.parse.quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
}


class BadSpec(ValueError):
    """The text is no fault of the grammar."""


@dataclass
class Fault:
    """One line of the plan. `seen` counts the calls that matched it, `fired` those it hit."""

    spec: str
    service: str
    operation: str
    first: int
    last: int | None
    percent: float | None
    action: str
    arguments: list[str]
    random: random.Random
    id: int = 0
    seen: int = 0
    fired: int = 0

    def matches(self, call: Call) -> bool:
        if not fnmatch.fnmatchcase(call.service, self.service):
            return False
        if self.operation in ("@mutating", "@reading"):
            return is_mutating(call) == (self.operation == "@mutating")
        return any(
            fnmatch.fnmatchcase(call.operation, pattern) for pattern in self.operation.split("|")
        )

    def strikes(self) -> bool:
        """Counts one matching call, and says whether it is hit."""
        self.seen += 1
        if self.percent is not None:
            hit = self.random.random() * 100 < self.percent
        else:
            hit = self.first <= self.seen and (self.last is None or self.seen <= self.last)
        self.fired += hit
        return hit

    def number(self) -> float:
        return float(self.arguments[0])


def parse(spec: str) -> Fault:
    """Reads one SPEC; raises BadSpec, naming it, when it does not follow the grammar."""
    found = SPEC.match(spec.strip())
    if not found or found["action"] not in ACTIONS:
        raise BadSpec(f"not a fault: {spec!r} (see the README of the emulator)")
    wanted = ACTIONS[found["action"]]
    arguments = found["rest"].split(":", wanted - 1) if found["rest"] and wanted else []
    if len(arguments) != wanted:
        raise BadSpec(f"{found['action']} takes {wanted} arguments: {spec!r}")
    if found["action"] == "echo" and arguments[2] not in {*SPELLINGS, "request"}:
        raise BadSpec(f"not a way to repeat a request: {spec!r}")
    first = int(found["first"] or 1)
    exact = found["first"] and not found["to"]
    last = first if exact else int(found["last"]) if found["last"] else None
    return Fault(
        spec.strip(),
        found["service"],
        found["operation"],
        first,
        last,
        float(found["percent"]) if found["percent"] else None,
        found["action"],
        arguments,
        random.Random(int(found["seed"] or 0)),
    )


@dataclass
class Waiting:
    """A call that a `pause` or a `hang` holds."""

    id: int
    call: Call
    when: str
    go: threading.Event = field(default_factory=threading.Event)


@dataclass
class Hidden:
    """Something new that reads do not show yet; `noun` is what its create calls it ("Vpc")."""

    account: str
    region: str
    service: str
    noun: str
    names: set[str]
    until: float

    def concerns(self, call: Call) -> bool:
        services = (self.service, "resourcegroupstaggingapi")
        here = (self.account, self.region) == (call.account, call.region)
        return here and call.service in services


class FaultPlan:
    """All faults, in order; the first that strikes decides the fate of a call."""

    def __init__(self, specs: list[str] | None = None):
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._waiting: dict[int, Waiting] = {}
        self._ids = itertools.count(1)
        self._hidden: list[Hidden] = []
        self.add(specs or [])

    def add(self, specs: list[str]) -> list[dict[str, Any]]:
        """Adds faults at the end of the plan; none when one of them is wrong."""
        faults = [parse(spec) for spec in specs]
        with self._lock:
            for fault in faults:
                fault.id = next(self._ids)
                self._faults.append(fault)
        return [_shown(fault) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self._hidden.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [_shown(fault) for fault in self._faults]

    def strike(self, call: Call) -> Fault | None:
        """The fault for this call; every fault that matches counts it."""
        with self._lock:
            hit = [fault for fault in self._faults if fault.matches(call) and fault.strikes()]
            return hit[0] if hit else None

    def hold(self, call: Call, when: str) -> None:
        """Blocks until an admin call releases this call."""
        with self._lock:
            waiting = Waiting(next(self._ids), call, when)
            self._waiting[waiting.id] = waiting
        waiting.go.wait()
        with self._lock:
            self._waiting.pop(waiting.id, None)

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [
                {"id": w.id, "service": w.call.service, "operation": w.call.operation,
                 "when": w.when, "request_id": w.call.request_id}
                for w in self._waiting.values()
            ]  # fmt: skip

    def release(self, number: int | None = None) -> int:
        """Lets one waiting call go on, or all; returns how many."""
        with self._lock:
            chosen = [w for w in self._waiting.values() if number in (None, w.id)]
        for waiting in chosen:
            waiting.go.set()
        return len(chosen)

    def hide(self, call: Call, names: set[str], seconds: float) -> None:
        """What `call` has made, known by `names`, does not show until `seconds` have passed."""
        noun = MAKING.sub("", call.operation)
        until = time.monotonic() + seconds
        fresh = Hidden(call.account, call.region, call.service, noun, names, until)
        with self._lock:
            self._hidden.append(fresh)

    def hidden(self, call: Call) -> list[Hidden]:
        """What does not show yet to `call`, when that is a read."""
        if not self._hidden or is_mutating(call):
            return []
        now = time.monotonic()
        with self._lock:
            self._hidden = [thing for thing in self._hidden if thing.until > now]
            return [thing for thing in self._hidden if thing.concerns(call)]


def texts(value: Any) -> set[str]:
    """All strings inside a tree of parameters."""
    if isinstance(value, dict):
        return set().union(*(texts(item) for item in value.values()), set())
    if isinstance(value, (list, tuple)):
        return set().union(*(texts(item) for item in value), set())
    return {value} if isinstance(value, str) and value else set()


def repeated(call: Call, spelling: str) -> str:
    """What an `echo` says of a call: all texts of its parameters, or the request as it came."""
    if spelling != "request":
        return SPELLINGS[spelling](" ".join(sorted(texts(call.params))))
    fields = "\n".join(f"{name}:{value}" for name, value in call.http.headers)
    body = call.http.body.decode(errors="replace")
    return f"{call.http.method} {call.http.target}\n{fields}\n\n{body}"


def _shown(fault: Fault) -> dict[str, Any]:
    return {"id": fault.id, "spec": fault.spec, "seen": fault.seen, "fired": fault.fired}
