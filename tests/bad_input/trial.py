"""A program in a folder of its own with configuration and state, on an emulator that may be told to fail."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

from emulated import ROOT, Emulated

STRATA = pathlib.Path(os.environ.get("STRATA_BINARY", ROOT / "build/strata"))
MISTAKEN = pathlib.Path(os.environ.get("STRATA_MISTAKEN", ROOT / "build/tests/mistaken_program"))
# What the program `mistaken_program` keeps secret.
PASSWORD = "correct-horse-battery-staple"

CONFIG = """account: 123456789012
region: ca-central-1
endpoint: {endpoint}
state: .strata/state
encryption: {{key: file}}
"""


@dataclasses.dataclass
class Said:
    """What a run answered; paths, addresses and request ids replaced by words, so that texts compare whole."""

    code: int
    out: str
    err: str


class Trial:
    def __init__(self, folder: pathlib.Path, emulated: Emulated):
        self.folder = folder
        self.emulated = emulated
        self._started: list[subprocess.Popen] = []
        self.admin("POST", "reset")
        self.faults()
        self._calls_before = len(emulated.calls())
        (folder / "config").mkdir()
        self.configure("local", CONFIG.format(endpoint=emulated.endpoint))

    # --- what it runs in ---

    def configure(self, environment: str, text: str) -> None:
        (self.folder / "config" / f"{environment}.yaml").write_text(text)

    def configure_our_stacks(self, *changes: tuple[str, str]) -> None:
        """The `local` environment of our own stacks, with texts replaced; each must be there once."""
        text = (ROOT / "config/local.yaml").read_text()
        for old, new in (("http://127.0.0.1:4566", self.emulated.endpoint), *changes):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.configure("local", text)

    def admin(self, method: str, path: str, body: str = "") -> object:
        request = urllib.request.Request(f"{self.emulated.endpoint}/_strata/{path}", body.encode() or None, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def faults(self, *specs: str) -> None:
        """From now on these calls fail (providers/aws/emulator/README.md), and no others."""
        self.admin("DELETE", "faults")
        if specs:
            self.admin("POST", "faults", json.dumps({"faults": specs}))

    def calls(self) -> list[dict]:
        return self.emulated.calls()[self._calls_before :]

    def changes(self) -> list[str]:
        """The mutating calls that the emulator carried out, as service:operation."""
        return [f"{call['service']}:{call['operation']}" for call in self.calls() if call["mutating"] and carried_out(call)]

    # --- running it ---

    def environment(self, added: dict[str, str]) -> dict[str, str]:
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "USER": "tester", "TMPDIR": str(self.folder)}
        return {**known, **added}

    def start(self, *arguments: str, program: pathlib.Path = MISTAKEN, before: tuple[str, ...] = (), **options) -> subprocess.Popen:
        """@param before  a command that runs the program: setpriv, sh -c 'ulimit ...; exec "$0" "$@"'"""
        environment = self.environment(options.pop("environment", {}))
        process = subprocess.Popen(
            [*before, str(program), *arguments],
            cwd=self.folder,
            env=environment,
            text=True,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )
        self._started.append(process)
        return process

    def finish(self, process: subprocess.Popen, timeout: float = 120) -> Said:
        out, err = process.communicate(timeout=timeout)
        return Said(process.returncode, self.plain(out), self.plain(err))

    def run(self, *arguments: str, **options) -> Said:
        return self.finish(self.start(*arguments, **options))

    def plain(self, text: str) -> str:
        text = text.replace(self.emulated.endpoint, "<endpoint>").replace(str(self.folder), "<folder>")
        text = re.sub(r"request [0-9A-Za-z-]{8,}", "request ID", text)
        text = text.replace(f"@{socket.gethostname()} ", "@HOST ")
        return re.sub(r"process \d+", "process N", text)

    # --- what it left ---

    def state_file(self, stack: str, environment: str = "local") -> pathlib.Path:
        return self.folder / ".strata/state" / environment / stack / "snapshot.json"

    def state(self, stack: str) -> dict:
        return json.loads(self.state_file(stack).read_text())

    def addresses(self, stack: str) -> list[str]:
        return sorted(resource["address"] for resource in self.state(stack)["resources"])

    def remembered(self) -> dict[str, bytes]:
        """Every file of state but the lock, byte by byte; none that has no name of its own yet. (The key is made when it is first needed.)"""
        files = [file for file in (self.folder / ".strata/state").rglob("*") if file.is_file()]
        named = [file for file in files if file.name != "lock" and ".new-" not in file.name]
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in named}

    # --- waiting ---

    def wait_for_call(self, count: int, matching=lambda call: call["mutating"], seconds: float = 20) -> None:
        """Until the emulator has answered that many calls."""
        self.wait_until(lambda: sum(map(matching, self.calls())) >= count, seconds)

    def wait_for_held(self, count: int = 1, seconds: float = 20) -> list[dict]:
        """Until a `pause` or `hang` holds that many calls."""
        self.wait_until(lambda: len(self.admin("GET", "waiting")) >= count, seconds)
        return self.admin("GET", "waiting")

    @staticmethod
    def wait_until(true, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "it did not come to that in time"
            time.sleep(0.01)

    def end(self) -> None:
        self.faults()
        self.admin("POST", "release")
        for process in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.communicate()


def carried_out(call: dict) -> bool:
    """Also where the answer was spoilt afterwards."""
    fault = call["fault"] or ""
    spoilt = "=big-body" in fault or "=error-after" in fault
    return spoilt or (200 <= call["status"] < 300 and "=portal" not in fault)
