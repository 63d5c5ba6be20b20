"""Our three stacks on the emulator, at 0 and 100 ms latency: first deployment, preview and up without a change, destroy."""

from measure import (
    COST_COLUMNS,
    STRATA,
    Platform,
    cells_of,
    cost_with_calls,
    emulated,
    head,
    load_average,
    row,
)

STEPS = [
    ("first deployment", ["up", "--all", "--yes"]),
    ("preview, no change", ["preview", "--all"]),
    ("up, no change", ["up", "--all", "--yes"]),
    ("destroy", ["destroy", "--all", "--yes"]),
]


def main() -> None:
    print(f"our three stacks ({load_average()})\n")
    head("latency", "step", *COST_COLUMNS)
    for latency in (0, 100):
        with emulated(lambda folder, latency=latency: Platform(folder, "--latency-ms", str(latency))) as platform:
            for name, arguments in STEPS:
                cost = cost_with_calls(platform, [STRATA, *arguments, "--env", "local"])
                row(f"{latency} ms", name, *cells_of(cost))


if __name__ == "__main__":
    main()
