"""How long the binary takes to start and say something: wall time, median of many."""

import pathlib
import statistics
import tempfile

from measure import STRATA, cost_of, head, load_average, row

RUNS = 21


def main() -> None:
    print(f"start ({load_average()})\n")
    head("command", "wall ms", "peak MiB")
    with tempfile.TemporaryDirectory() as folder:
        for arguments in (["--help"], ["version"]):
            costs = [cost_of([STRATA, *arguments], pathlib.Path(folder)) for _ in range(RUNS)]
            wall = statistics.median(cost.wall for cost in costs)
            row(f"strata {' '.join(arguments)}", f"{wall * 1000:.1f}", round(max(cost.peak_mib for cost in costs)))


if __name__ == "__main__":
    main()
