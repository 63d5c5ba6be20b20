"""The runs that are killed: what is there before, and which command brings it to which version of the program."""

from __future__ import annotations

import dataclasses
import functools

from checks import Clean, Findings, check, clean_of
from emulation import Clients, Emulation
from place import Boundary, Place

STACKS = (
    "network", "groups", "gateways", "roles", "people", "secrets", "objects", "databases", "catalog", "containers", "messages", "watch",
)  # fmt: skip
# One step at a time: then the N-th call is the same call in each run.
IN_ORDER = ("--parallel", "1")


@dataclasses.dataclass(frozen=True)
class Run:
    """A command with a version of the program, on an empty account or on one that has the first version."""

    verb: str
    version: str
    deployed: bool


UP = Run("up", "first", deployed=False)
CHANGE = Run("up", "changed", deployed=True)
REPLACE = Run("up", "replaced", deployed=True)
SHRINK = Run("up", "less", deployed=True)
DESTROY = Run("destroy", "first", deployed=True)
RUNS = (UP, CHANGE, REPLACE, SHRINK, DESTROY)


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A run that is killed, and what comes after."""

    name: str
    run: Run
    killed_again: bool = False  # the run that mends is killed too
    given_up: bool = False  # what mends is a destroy


SCENARIOS = (
    Scenario("up", UP),
    Scenario("change", CHANGE),
    Scenario("replace", REPLACE),
    Scenario("shrink", SHRINK),
    Scenario("destroy", DESTROY),
    Scenario("recover", UP, killed_again=True),
    Scenario("recover-replace", REPLACE, killed_again=True),
    Scenario("give-up", UP, given_up=True),
    Scenario("give-up-replace", REPLACE, given_up=True),
)


@dataclasses.dataclass(frozen=True)
class Look:
    """A run that nobody disturbed: its moments, what it did, and the types of all that was and is there."""

    boundaries: tuple[Boundary, ...]
    clean: Clean
    types: frozenset[str]


class Ground:
    """One stack, empty and with its first version deployed: what trials start from."""

    def __init__(self, root: Emulation, stack: str, clients: Clients):
        self.clients = clients
        self.empty = Place(root.copy(), stack)
        self.deployed = self.empty.copy()
        self.first = self._look(UP, self.deployed)
        self.before = self.deployed.state()

    def place_of(self, run: Run) -> Place:
        return (self.deployed if run.deployed else self.empty).copy()

    def before_run(self, run: Run) -> dict:
        return self.before if run.deployed else {"resources": []}

    @functools.cache  # noqa: B019 - a ground lives as long as its process
    def look(self, run: Run) -> Look:
        if run == UP:
            return self.first
        place = self.place_of(run)
        seen = self._look(run, place)
        place.end()
        return seen

    def _look(self, run: Run, place: Place) -> Look:
        operations = place.operations(run.verb, run.version, *IN_ORDER)
        calls = sum(call["mutating"] for call in place.emulation.calls())
        boundaries = [Boundary("file", n + 1) for n in range(len(operations))]
        boundaries += [Boundary(kind, n + 1) for n in range(calls) for kind in ("before", "after")]
        before = self.before_run(run) if run.deployed else {"resources": []}
        types = {resource["type"] for resource in [*before["resources"], *place.state()["resources"]]}
        return Look(tuple(boundaries), clean_of(place, before), frozenset(types))

    def end(self) -> None:
        self.empty.end()
        self.deployed.end()


def try_boundary(ground: Ground, scenario: Scenario, boundary: Boundary, second: Boundary | None = None) -> tuple[bool, Findings]:
    """Kills the run there (and the one after it, at `second`), lets the next one mend it, and looks.

    @return whether the run came to that moment at all, and what is wrong"""
    run = scenario.run
    place = ground.place_of(run)
    reached = place.run_killed(boundary, run.verb, run.version, *IN_ORDER)
    if second:
        place.run_killed(second, run.verb, run.version, *IN_ORDER)
    findings = mend_and_check(place, ground, run, scenario.given_up)
    place.end()
    return reached, findings


def mend_and_check(place: Place, ground: Ground, run: Run, given_up: bool = False) -> Findings:
    """The next run succeeds, the one after it changes nothing, and what is there is what state says."""
    verb = "destroy" if given_up else run.verb
    found = Findings()
    mended = place.run(verb, run.version)
    if mended.code != 0:
        found.others.append(f"the next run did not succeed: {mended}")
    changes = len(place.emulation.changes())
    again = place.run(verb, run.version)
    if again.code != 0:
        found.others.append(f"the run after that did not succeed: {again}")
    if more := place.emulation.changes()[changes:]:
        found.others.append(f"the run after that still changed: {[call['operation'] for call in more]}")
    look = ground.look(run)
    found.add(check(place, ground.clients, look.clean, ground.before_run(run), look.types, given_up))
    return found
