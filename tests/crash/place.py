"""A folder with configuration and state, the emulator it points at, and the program that is run there."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from emulation import ROOT, Emulation

PROGRAM = pathlib.Path(os.environ.get("STRATA_EVERY_TYPE", ROOT / "build/tests/every_type"))
KILLER = pathlib.Path(os.environ.get("STRATA_KILLER", ROOT / "build/tests/crash_killer.so"))
STATE = ".strata/state"
CONFIG = """account: 123456789012
region: ca-central-1
endpoint: {endpoint}
state: .strata/state
encryption: {{key: file}}
settings: {{version: {version}}}
"""
KILLED = -9
# Far more than a call waits that is throttled nine times in a row, as some of the seeds will have it: a minute and a half.
LONGEST_RUN_SECONDS = 300
TOO_LONG = -1  # no exit code of ours


@dataclasses.dataclass(frozen=True)
class Said:
    """What a run answered."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit code {self.code}\n{self.out}{self.err}"


@dataclasses.dataclass(frozen=True)
class Boundary:
    """A moment of a run: before the N-th operation on a file of state, or before or after the N-th mutating call is carried out."""

    kind: str  # "file", "before", "after"
    number: int

    def __str__(self) -> str:
        return {
            "file": f"before file operation {self.number}",
            "before": f"before call {self.number} is carried out",
            "after": f"after call {self.number} is carried out, before its answer",
        }[self.kind]


class Place:
    def __init__(self, emulation: Emulation, stack: str, folder: pathlib.Path | None = None):
        self.emulation = emulation
        self.stack = stack
        self.folder = folder or pathlib.Path(tempfile.mkdtemp(prefix="strata-crash-"))
        (self.folder / "config").mkdir(exist_ok=True)
        self.variables: dict[str, str] = {}  # environment variables of every run

    def copy(self) -> Place:
        """The same state and the same objects, both of its own."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="strata-crash-"))
        if (self.folder / ".strata").exists():
            shutil.copytree(self.folder / ".strata", folder / ".strata")
        return Place(self.emulation.copy(), self.stack, folder)

    def end(self) -> None:
        self.emulation.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- running the program ---

    def start(self, verb: str, version: str, *flags: str, **variables: str) -> subprocess.Popen:
        (self.folder / "config/local.yaml").write_text(CONFIG.format(endpoint=self.emulation.url, version=version))
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "USER": "crash", "TMPDIR": str(self.folder)}
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        return subprocess.Popen(
            [PROGRAM, verb, self.stack, "--yes", *flags],
            cwd=self.folder,
            env={**known, **keys, **self.variables, **variables},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def finish(self, process: subprocess.Popen) -> Said:
        try:
            out, err = process.communicate(timeout=LONGEST_RUN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return Said(TOO_LONG, out, f"{err}It did not end within {LONGEST_RUN_SECONDS} seconds.")
        return Said(process.returncode, out, err)

    def run(self, verb: str, version: str, *flags: str) -> Said:
        return self.finish(self.start(verb, version, *flags))

    def run_killed(self, boundary: Boundary, verb: str, version: str, *flags: str) -> bool:
        """False when the run came to its end before that moment."""
        if boundary.kind == "file":
            variables = {"LD_PRELOAD": str(KILLER), "CRASH_FOLDER": STATE, "CRASH_AT": str(boundary.number)}
            return self.finish(self.start(verb, version, *flags, **variables)).code == KILLED
        held = {"before": "hang", "after": "pause-after"}[boundary.kind]
        self.emulation.faults(f"*:@mutating#{boundary.number}={held}")
        process = self.start(verb, version, *flags)
        while process.poll() is None and not self.emulation.holds_a_call():
            time.sleep(0.002)
        process.kill()
        said = self.finish(process)
        self.emulation.let_go()
        return said.code == KILLED

    def operations(self, verb: str, version: str, *flags: str) -> list[str]:
        """Runs it to its end; its operations on files of state, in order."""
        trace = self.folder / "trace"
        variables = {"LD_PRELOAD": str(KILLER), "CRASH_FOLDER": STATE, "CRASH_TRACE": str(trace)}
        said = self.finish(self.start(verb, version, *flags, **variables))
        if said.code != 0:
            raise RuntimeError(f"{verb} of {self.stack} failed without any fault: {said}")
        return trace.read_text().splitlines()

    def state(self) -> dict:
        """What state knows; also where nothing was ever recorded."""
        said = subprocess.run(
            [PROGRAM, "state", "export", self.stack],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        if "No state of this stack" in said.stderr:
            return {"resources": [], "open": [], "deposed": []}
        if said.returncode != 0:
            raise RuntimeError(f"state export of {self.stack}: {said.stdout}{said.stderr}")
        return json.loads(said.stdout)
