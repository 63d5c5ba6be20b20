"""An emulator of one's own with a ledger of every call; for tests and for bench/."""

import json
import os
import pathlib
import re
import subprocess
import sys

import boto3

ROOT = pathlib.Path(__file__).resolve().parents[2]
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


class Emulated:
    """A folder, and an emulator that writes its ledger there."""

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
        self.endpoint = re.search(r"https?://\S+", line).group(0)

    def calls(self) -> list[dict]:
        """Every call that the emulator has seen so far."""
        if not self.ledger_file.exists():
            return []
        return [json.loads(line) for line in self.ledger_file.read_text().splitlines()]

    def client(self, service: str):
        return boto3.client(
            service, region_name="ca-central-1", endpoint_url=self.endpoint, aws_access_key_id="t", aws_secret_access_key="t"
        )

    def stop(self):
        self.server.terminate()
        self.server.wait(timeout=20)
