"""From a changed line to its preview: one text in a stack's source is changed, built, linked, and previewed on the emulator.

The file is put back at the end, and what was built with it.
"""

import subprocess
import time

from measure import (
    ROOT,
    STRATA,
    Platform,
    cost_with_calls,
    emulated,
    head,
    load_average,
    row,
)

ROUNDS = 3
SOURCE = ROOT / "stacks" / "foundation.cpp"
BEFORE = 'about = "Source: MongoDB"'


def build() -> float:
    start = time.monotonic()
    subprocess.run(["cmake", "--build", ROOT / "build", "--target", "strata"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def main() -> None:
    text = SOURCE.read_text()
    if text.count(BEFORE) != 1:
        raise SystemExit(f"{SOURCE}: {BEFORE} stands there {text.count(BEFORE)} times, not once")
    build()
    print(f"one line changed in {SOURCE.relative_to(ROOT)} ({load_average()})\n")
    head("compile and link s", "preview s", "together s")
    with emulated(Platform) as platform:
        cost_with_calls(platform, [STRATA, "up", "--all", "--yes", "--env", "local"])
        try:
            for _ in range(ROUNDS):
                # A text that never was before: nothing comes out of a compiler's cache.
                SOURCE.write_text(text.replace(BEFORE, f'about = "Source: MongoDB, {time.time_ns()}"'))
                built = build()
                cost = cost_with_calls(platform, [STRATA, "preview", "--all", "--env", "local"])
                seen = (platform.folder / "output").read_text()
                if "1 to update" not in seen:
                    raise SystemExit(f"the preview does not show the change:\n{seen}")
                row(built, cost.wall, built + cost.wall)
        finally:
            SOURCE.write_text(text)
            build()


if __name__ == "__main__":
    main()
