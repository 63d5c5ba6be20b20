"""An emulator that can be copied as it is, objects and all, and the ways to talk to it."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.request

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGION = "ca-central-1"


class Emulation:
    """One emulator process; `copy` gives another that starts with everything this one holds."""

    def __init__(self, url: str, pid: int):
        self.url = url
        self.pid = pid

    @classmethod
    def start(cls) -> Emulation:
        process = subprocess.Popen(
            [sys.executable, "-m", "strata_emulator", "--port", "0"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "providers/aws/emulator")},
            stdout=subprocess.PIPE,
            text=True,
        )
        url = re.search(r"https?://\S+", process.stdout.readline()).group(0)
        return cls(url, process.pid)

    def copy(self) -> Emulation:
        made = self.admin("POST", "fork")
        return Emulation(made["url"], made["pid"])

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def admin(self, method: str, path: str, body: object = None) -> object:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/_strata/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def faults(self, *specs: str) -> None:
        """From now on these calls fail (providers/aws/emulator/README.md), and no others."""
        self.admin("DELETE", "faults")
        if specs:
            self.admin("POST", "faults", {"faults": specs})

    def calls(self) -> list[dict]:
        """Every call since this copy was made."""
        return self.admin("GET", "ledger")

    def changes(self) -> list[dict]:
        """The mutating ones that were carried out."""
        return [call for call in self.calls() if call["mutating"] and carried_out(call)]

    def holds_a_call(self) -> bool:
        return bool(self.admin("GET", "waiting"))

    def let_go(self) -> None:
        """Takes the faults away and lets every call that is held go on."""
        self.faults()
        self.admin("POST", "release")
        while self.holds_a_call():
            time.sleep(0.001)


def carried_out(call: dict) -> bool:
    """Also where the answer was spoilt afterwards."""
    spoilt = "=error-after" in (call["fault"] or "")
    return spoilt or 200 <= call["status"] < 300


class Clients:
    """boto3 clients are dear to make: each is made once and asks whichever emulator is looked at."""

    def __init__(self):
        self._made: dict[str, object] = {}
        self._url = ""

    def at(self, emulation: Emulation) -> Clients:
        self._url = emulation.url
        return self

    def __call__(self, service: str):
        if service not in self._made:
            self._made[service] = self._make(service)
        return self._made[service]

    def _make(self, service: str):
        client = boto3.client(
            service,
            region_name=REGION,
            endpoint_url="http://emulator",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
        )
        client.meta.events.register("before-send", self._lead)
        return client

    def _lead(self, request, **_) -> None:
        request.url = request.url.replace("http://emulator", self._url, 1)
