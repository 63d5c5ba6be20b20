"""What a command costs: time, memory, and the requests that the emulator counted. Shared by the benchmarks of this folder."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "stacks"))
from emulated import CREDENTIALS, ROOT, Emulated
from emulated_platform import STRATA, Platform

LAUNCH = pathlib.Path(__file__).resolve().with_name("launch.py")


@dataclasses.dataclass(frozen=True)
class Cost:
    """`wall`, `cpu` and `handlers` in seconds. `handlers` is the time that the emulator spent in its handlers, one call at a time: what the
    client waited for and can do nothing about, to be taken off the wall time when judging the client at 0 ms."""

    wall: float
    cpu: float
    peak_mib: float
    requests: int = 0
    mutating: int = 0
    handlers: float = 0.0


def cost_of(command: list, folder: pathlib.Path, accept: tuple[int, ...] = (0,), **environment: str) -> Cost:
    """Runs a command in `folder` with a bare environment. Ends the benchmark when its exit code is none of `accept`."""
    output = folder / "output"
    done = subprocess.run(
        [sys.executable, "-I", "-S", LAUNCH, output, *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **CREDENTIALS, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured = json.loads(done.stdout)
    status = measured.pop("status")
    if status not in accept:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {status}:\n{output.read_text()[-3000:]}")
    return Cost(**measured)


def cost_with_calls(emulated: Emulated, command: list, accept: tuple[int, ...] = (0,), **environment: str) -> Cost:
    """The same in the emulator's folder, with what the emulator counted meanwhile."""
    before = len(emulated.calls())
    cost = cost_of(command, emulated.folder, accept, **environment)
    calls = emulated.calls()[before:]
    return dataclasses.replace(
        cost,
        requests=len(calls),
        mutating=sum(call["mutating"] for call in calls),
        handlers=sum(call["handler_ms"] for call in calls) / 1000,
    )


@contextlib.contextmanager
def emulated(make: Callable[[pathlib.Path], Emulated]):
    """An emulator made in a folder of its own, stopped and cleared away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        made = make(pathlib.Path(folder))
        try:
            yield made
        finally:
            made.stop()


def head(*columns: str) -> None:
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))


def row(*cells: object) -> None:
    print("| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |", flush=True)


COST_COLUMNS = ("requests", "mutating", "wall s", "handlers s", "cpu s", "peak MiB")


def cells_of(cost: Cost) -> tuple:
    return cost.requests, cost.mutating, cost.wall, cost.handlers, cost.cpu, round(cost.peak_mib)


def load_average() -> str:
    return "load of the machine, 1 and 5 minutes: {:.1f} {:.1f}".format(*os.getloadavg()[:2])


__all__ = [
    "COST_COLUMNS",
    "CREDENTIALS",
    "ROOT",
    "STRATA",
    "Cost",
    "Emulated",
    "Platform",
    "cells_of",
    "cost_of",
    "cost_with_calls",
    "emulated",
    "head",
    "load_average",
    "row",
]
