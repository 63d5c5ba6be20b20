#!/usr/bin/env python3
"""Runs every fuzz target that is built, and prints one table.

    tests/fuzz/run_targets.py [--seconds 60] [--jobs 2] [target ...]

Each starts from the inputs in tests/fuzz/corpus/<target> and from those that earlier runs found worth keeping
(.cache/fuzz/<target>). An input may take a second and, with what AddressSanitizer itself needs, 512 MB; no piece of
memory may be larger than 64 MB. What breaks one of these bounds, a property or the rules of C++ is a finding: it is
kept in build-fuzz/findings, and the exit code is 1.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "tests/fuzz/corpus"
KEPT = ROOT / ".cache/fuzz"
BUILD = ROOT / "build-fuzz"
FINDINGS = BUILD / "findings"

LIMITS = ("-timeout=1", "-rss_limit_mb=512", "-malloc_limit_mb=64")
# Freed memory that AddressSanitizer holds back: 256 MB of it would hide what a reader takes.
SANITIZER = "quarantine_size_mb=16"


@dataclass
class Run:
    """What became of one target."""

    target: str
    stats: dict
    trouble: list
    findings: list

    @property
    def failed(self):
        return bool(self.trouble or self.findings)

    def row(self):
        """A line of the table."""
        inputs = sum(1 for _ in (KEPT / self.target).iterdir()) + sum(1 for _ in (CORPUS / self.target).iterdir())
        return (
            f"{self.target:<18}{self.stats.get('number_of_executed_units', 0):>12,}"
            f"{self.stats.get('average_exec_per_sec', 0):>10,}{inputs:>8,}{self.stats.get('peak_rss_mb', 0):>8,}"
            f"{len(self.findings) or int(self.failed):>10}"
        )


def run(target, seconds):
    """One target for that many seconds, or until its first finding."""
    (KEPT / target).mkdir(parents=True, exist_ok=True)
    prefix = f"{FINDINGS}/{target}-"
    before = set(FINDINGS.glob(f"{target}-*"))
    command = [
        f"{BUILD}/fuzz/fuzz_{target}",
        f"-max_total_time={seconds}",
        f"-artifact_prefix={prefix}",
        "-print_final_stats=1",
        *LIMITS,
        KEPT / target,
        CORPUS / target,
    ]
    ended = subprocess.run(
        command, env={**os.environ, "ASAN_OPTIONS": SANITIZER}, stderr=subprocess.PIPE, text=True, errors="replace", check=False
    )
    stats = {name: int(value) for name, value in re.findall(r"^stat::(\w+):\s+(\d+)", ended.stderr, re.MULTILINE)}
    words = re.findall(r"^(?:\s+what\(\): .*|.*runtime error: .*|==\d+==\s*ERROR: .*|SUMMARY: .*)$", ended.stderr, re.MULTILINE)
    found = sorted(set(FINDINGS.glob(f"{target}-*")) - before)
    return Run(target, stats, (words or [f"ended with code {ended.returncode}"]) if ended.returncode else [], found)


def main():
    """Runs the targets, prints the table; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="targets at a time")
    parser.add_argument("targets", nargs="*", help="all when none is given")
    options = parser.parse_args()
    targets = options.targets or sorted(folder.name for folder in CORPUS.iterdir())
    FINDINGS.mkdir(parents=True, exist_ok=True)

    print(f"{'target':<18}{'executions':>12}{'a second':>10}{'inputs':>8}{'MB':>8}{'findings':>10}", flush=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        runs = []
        for ended in pool.map(lambda target: run(target, options.seconds), targets):
            runs.append(ended)
            print(ended.row(), flush=True)

    for ended in runs:
        if ended.failed:
            print("", f"{ended.target}:", *ended.trouble, *(f"  {file.relative_to(ROOT)}" for file in ended.findings), sep="\n")
    if any(ended.failed for ended in runs):
        print("\nSee one again: build-fuzz/fuzz/fuzz_TARGET FILE. Once it is mended, keep FILE as tests/fuzz/corpus/TARGET/found-WHAT.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
