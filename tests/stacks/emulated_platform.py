"""A folder with our configuration, and an emulator of its own with a ledger of every call; for tests and for bench/."""

import json
import os
import pathlib
import re
import subprocess
import sys

import boto3

ROOT = pathlib.Path(__file__).resolve().parents[2]
STRATA = pathlib.Path(os.environ.get("STRATA_BINARY", ROOT / "build" / "strata"))
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


class Platform:
    """A folder with configuration and state, and the emulator that its `local` environment points at."""

    def __init__(self, folder: pathlib.Path, *emulator_options: str):
        self.folder = folder
        self.ledger_file = folder / "ledger.jsonl"
        self.server = subprocess.Popen(
            [sys.executable, "-m", "strata_emulator", "--port", "0", "--ledger", str(self.ledger_file), *emulator_options],
            env={**os.environ, "PYTHONPATH": str(ROOT / "providers/aws/emulator")},
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.server.stdout.readline()
        self.endpoint = re.search(r"http://\S+", line).group(0)
        (folder / "config").mkdir()
        for file in (ROOT / "config").glob("*.yaml"):
            text = file.read_text().replace("http://127.0.0.1:4566", self.endpoint)
            (folder / "config" / file.name).write_text(text)

    def run(self, *arguments: str, **extra_environment: str) -> subprocess.CompletedProcess:
        """Runs the binary there; output and exit code are the caller's to judge."""
        return subprocess.run(
            [STRATA, *arguments, "--env", "local"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **CREDENTIALS, **extra_environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def calls(self) -> list[dict]:
        """Every call that the emulator has seen so far."""
        return [json.loads(line) for line in self.ledger_file.read_text().splitlines()]

    def mutating_calls_of(self, *arguments: str) -> tuple[list[str], subprocess.CompletedProcess]:
        """What a command changed, as service:operation, and what it said."""
        before = len(self.calls())
        result = self.run(*arguments)
        return [f"{c['service']}:{c['operation']}" for c in self.calls()[before:] if c["mutating"]], result

    def client(self, service: str):
        return boto3.client(
            service, region_name="ca-central-1", endpoint_url=self.endpoint, aws_access_key_id="t", aws_secret_access_key="t"
        )

    def stop(self):
        self.server.terminate()
        self.server.wait(timeout=20)
