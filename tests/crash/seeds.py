"""Runs with many faults at once, drawn from a seed: the same seed draws the same faults and kills."""

from __future__ import annotations

import dataclasses
import random

from checks import Findings
from place import KILLED, Boundary, Place
from scenarios import RUNS, STACKS, Ground, Run, mend_and_check

# What a run may answer while calls fail: done; some failed; some with an unknown outcome; killed.
EXPECTED_CODES = (0, 3, 9, KILLED)
MOST_RUNS = 8
# Longest that a new thing does not show, in seconds; and for how long the program looks again for what may not show yet.
LONGEST_HIDDEN = 1.5
VISIBLE_WITHIN = "3"


@dataclasses.dataclass(frozen=True)
class Draw:
    """What a seed stands for."""

    seed: int
    stack: str
    run: Run
    faults: tuple[str, ...]
    kill: Boundary | None  # of the first run

    def __str__(self) -> str:
        killed = f", killed {self.kill}" if self.kill else ""
        return f"seed {self.seed} ({self.stack}, {self.run.verb} {self.run.version}{killed}; again with --seed {self.seed})"


def draw(seed: int) -> Draw:
    dice = random.Random(seed)
    stack, run = dice.choice(STACKS), dice.choice(RUNS)
    number = dice.randrange(1 << 30)
    hidden = round(dice.uniform(0.1, LONGEST_HIDDEN), 2)
    faults = (
        f"*:*%30@{number}=throttle",
        f"*:@mutating%5@{number + 1}=error:500:InternalFailure",
        f"*:@mutating%5@{number + 2}=error-after:500:InternalFailure",
        f"*:@mutating%5@{number + 3}=drop-after",
        f"*:@mutating%3@{number + 4}=drop-before",
        f"*:Create*|Allocate*|Register*|Run*|Subscribe=notfound-for:{hidden}",
    )
    kill = Boundary("file", dice.randrange(1, 40)) if dice.random() < 0.5 else None
    return Draw(seed, stack, run, faults, kill)


def try_seed(ground: Ground, drawn: Draw) -> Findings:
    """Runs until one succeeds in spite of the faults; then without faults, as after a kill."""
    place = ground.place_of(drawn.run)
    place.variables["STRATA_VISIBLE_WITHIN"] = VISIBLE_WITHIN
    place.emulation.faults(*drawn.faults)
    found = Findings()
    for code in codes_until_done(place, drawn.run, drawn.kill):
        if code not in EXPECTED_CODES:
            found.others.append(f"a run with faults ended with exit code {code}")
    place.emulation.faults()
    found.add(mend_and_check(place, ground, drawn.run))
    place.end()
    return found


def codes_until_done(place: Place, run: Run, kill: Boundary | None) -> list[int]:
    codes = []
    if kill:
        codes.append(KILLED if place.run_killed(kill, run.verb, run.version) else 0)
    while len(codes) < MOST_RUNS:
        codes.append(place.run(run.verb, run.version).code)
        if codes[-1] == 0:
            break
    return codes
