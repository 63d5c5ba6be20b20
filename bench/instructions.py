"""Instructions executed, counted by valgrind: a measure of the work that does not depend on the machine's load."""

import pathlib
import re
import shutil
import tempfile

from measure import ROOT, cost_of, emulated, head, row
from mix import MIX, MixFolder

COUNT = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]


def counted(output: str) -> str:
    """Millions of instructions, from what callgrind prints at the end."""
    total = int(re.search(r"Collected : (\d+)", output).group(1))
    return f"{total / 1e6:,.0f}"


def engine_alone(resources: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        cost_of([*COUNT, ROOT / "build/bench/engine_only", str(resources)], pathlib.Path(folder))
        return counted((pathlib.Path(folder) / "output").read_text())


def preview_of_mix() -> str:
    with emulated(MixFolder) as mix:
        mix.cost("up", "--yes")
        cost_of([*COUNT, MIX, "preview", "--env", "bench"], mix.folder)
        return counted((mix.folder / "output").read_text())


def main() -> None:
    if shutil.which("valgrind") is None:
        print("not shown: numbers of instructions (valgrind is not on PATH)")
        return
    head("what", "million instructions")
    row("engine alone, 1,000 resources: made, unchanged, replaced, destroyed", engine_alone(1000))
    row("mix of 250, preview without a change", preview_of_mix())


if __name__ == "__main__":
    main()
