"""Kills the real binary at every boundary of its runs, and runs it again: nothing is made twice, nothing is left behind.

Then the same with many faults at once, a seed each. `make crash` tries all; with --by-commit the commit picks one boundary in
--share and which seeds, so that each commit tries others and the same commit the same ones."""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import dataclasses
import itertools
import multiprocessing
import os
import signal
import subprocess
import sys

from checks import Findings
from declared import kinds
from emulation import ROOT, Clients, Emulation
from inventory import LISTS, existing
from scenarios import SCENARIOS, STACKS, Ground, Scenario, try_boundary
from seeds import Draw, draw, try_seed

# A task begins with a deployment of its stack. Small enough that no worker is left alone with a long one at the end.
SCENARIOS_OF_A_TASK = 3
SEEDS_OF_A_TASK = 25


@dataclasses.dataclass(frozen=True)
class Task:
    """What one worker does with one stack."""

    stack: str
    scenarios: tuple[Scenario, ...]
    share: int
    pick: int
    seeds: tuple[Draw, ...]


@dataclasses.dataclass
class Tally:
    """What was tried, and what was found wrong."""

    boundaries: int = 0
    not_reached: int = 0
    seeds: int = 0
    types: set[str] = dataclasses.field(default_factory=set)
    findings: Findings = dataclasses.field(default_factory=Findings)

    def add(self, other: Tally) -> None:
        self.boundaries += other.boundaries
        self.not_reached += other.not_reached
        self.seeds += other.seeds
        self.types |= other.types
        self.findings.add(other.findings)

    def note(self, where: str, findings: Findings) -> None:
        for text in findings.all():
            print(f"{where}: {text}", flush=True)
        self.findings.add(findings)

    def __str__(self) -> str:
        found = self.findings
        unseen = f" ({self.not_reached} not reached)" if self.not_reached else ""
        return (
            f"crash: {self.boundaries} boundaries{unseen} and {self.seeds} seeds tried on {len(self.types)} types, "
            f"{len(found.duplicates)} duplicates, {len(found.orphans)} orphans, {len(found.others)} other findings"
        )


def work(root: Emulation, task: Task) -> Tally:
    """One stack: its share of the boundaries of each scenario of the task, and its seeds."""
    ground = Ground(root, task.stack, Clients())
    tally = Tally(types=set(ground.first.types))
    for scenario in task.scenarios:
        kill_everywhere(ground, scenario, task, tally)
    for drawn in task.seeds:
        tally.seeds += 1
        tally.note(f"{drawn}", try_seed(ground, drawn))
    ground.end()
    return tally


def kill_everywhere(ground: Ground, scenario: Scenario, task: Task, tally: Tally) -> None:
    boundaries = ground.look(scenario.run).boundaries
    for number, boundary in enumerate(boundaries):
        if number % task.share != task.pick % task.share:
            continue
        # Any other moment would do as well; these are spread over the whole run.
        second = boundaries[number * 7 % len(boundaries)] if scenario.killed_again else None
        reached, findings = try_boundary(ground, scenario, boundary, second)
        tally.boundaries += 1
        tally.not_reached += not reached
        tally.note(f"{task.stack}, {scenario.name}, killed {boundary}{f', then {second}' if second else ''}", findings)


def commit_number() -> int:
    """A number that the commit stands for; 0 outside of a repository."""
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(found.stdout[:8], 16) if found.returncode == 0 else 0


def parts(whole: tuple, size: int) -> list[tuple]:
    return [whole[first : first + size] for first in range(0, len(whole), size)]


def tasks_for(arguments: argparse.Namespace) -> list[Task]:
    number = commit_number() if arguments.by_commit else 0
    first = number if arguments.by_commit else 0
    seeds = [arguments.seed] if arguments.seed is not None else range(first, first + arguments.seeds)
    drawn = collections.defaultdict(list)
    for found in map(draw, seeds):
        drawn[found.stack].append(found)
    chosen = () if arguments.seed is not None else tuple(s for s in SCENARIOS if s.name in (arguments.scenario or [s.name]))
    stacks = arguments.stack or STACKS
    kills = [Task(stack, part, arguments.share, number, ()) for stack in stacks for part in parts(chosen, SCENARIOS_OF_A_TASK)]
    faults = [Task(stack, (), 1, 0, part) for stack in stacks for part in parts(tuple(drawn[stack]), SEEDS_OF_A_TASK)]
    # Kills keep the processors busy, seeds wait most of the time.
    return [task for pair in itertools.zip_longest(kills, faults) for task in pair if task]


def forgotten_types(tally: Tally) -> list[str]:
    """Types of the provider that the program of this folder lacks, or whose things the inventory cannot list."""
    return sorted(set(kinds()) - (tally.types & set(LISTS)))


def run(tasks: list[Task], jobs: int) -> Tally:
    root = Emulation.start()
    total = Tally()
    try:
        existing(Clients(), root, list(LISTS))  # loads every service, once for all copies
        with concurrent.futures.ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            ends = concurrent.futures.as_completed([pool.submit(work, root, task) for task in tasks])
            for number, done in enumerate(ends, 1):
                total.add(done.result())
                print(
                    f"{number} of {len(tasks)} parts done: {total.boundaries} boundaries, {total.seeds} seeds", file=sys.stderr, flush=True
                )
    finally:
        root.end()
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=int, default=1, metavar="N", help="one boundary in N")
    parser.add_argument("--seeds", type=int, default=0, metavar="N", help="how many runs with random faults")
    parser.add_argument("--by-commit", action="store_true", help="the commit picks the boundaries and the seeds")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--stack", action="append", choices=STACKS)
    parser.add_argument("--scenario", action="append", choices=[scenario.name for scenario in SCENARIOS])
    parser.add_argument("--jobs", type=int, default=3 * (os.cpu_count() or 1), help="much of a trial is waiting")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    total = run(tasks_for(arguments), arguments.jobs)
    if arguments.stack is None and arguments.seed is None and (forgotten := forgotten_types(total)):
        total.note("tests/crash/every_type", Findings(others=[f"does not have {name}" for name in forgotten]))
    print(total)
    return 1 if total.findings.all() else 0


if __name__ == "__main__":
    sys.exit(main())
