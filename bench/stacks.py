"""Our three stacks on the emulator, at 0 and 100 ms latency: first deployment, preview and up without a change, destroy.

Prints a Markdown table. `wall` and `cpu` are the binary's, in seconds; `handlers` is the time that the emulator spent inside its handlers
(to be taken off the wall time when judging the client); `peak` is the binary's largest resident memory in MiB.
"""

import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "stacks"))
from emulated_platform import CREDENTIALS, STRATA, Platform

STEPS = [
    ("first deployment", ["up", "--all", "--yes"]),
    ("preview, no change", ["preview", "--all"]),
    ("up, no change", ["up", "--all", "--yes"]),
    ("destroy", ["destroy", "--all", "--yes"]),
]


def measure(platform: Platform, arguments: list[str]) -> dict:
    """Runs the binary once and waits for it by wait4, so that CPU and memory are that process's own."""
    before = len(platform.calls()) if platform.ledger_file.exists() else 0
    start = time.monotonic()
    child = os.posix_spawn(
        str(STRATA),
        [str(STRATA), *arguments, "--env", "local", "--config-dir", str(platform.folder / "config")],
        {"PATH": os.environ["PATH"], "HOME": str(platform.folder), **CREDENTIALS},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, str(platform.folder / "out"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"strata {' '.join(arguments)} ended with {status}: {(platform.folder / 'out').read_text()[-2000:]}")
    calls = platform.calls()[before:]
    return {
        "requests": len(calls),
        "mutating": sum(call["mutating"] for call in calls),
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "handlers": sum(call["handler_ms"] for call in calls) / 1000,
        "peak": usage.ru_maxrss / 1024,
    }


def main() -> None:
    print("| latency | step | requests | mutating | wall s | cpu s | handlers s | peak MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for latency in (0, 100):
        with tempfile.TemporaryDirectory() as folder:
            platform = Platform(pathlib.Path(folder), "--latency-ms", str(latency))
            try:
                for name, arguments in STEPS:
                    m = measure(platform, arguments)
                    print(
                        f"| {latency} ms | {name} | {m['requests']} | {m['mutating']} | {m['wall']:.2f} | {m['cpu']:.2f} | "
                        f"{m['handlers']:.2f} | {m['peak']:.0f} |",
                        flush=True,
                    )
            finally:
                platform.stop()


if __name__ == "__main__":
    main()
