"""A folder with our configuration, and an emulator of its own; for tests and for bench/."""

import os
import pathlib
import subprocess

from emulated import CREDENTIALS, ROOT, Emulated

STRATA = pathlib.Path(os.environ.get("STRATA_BINARY", ROOT / "build" / "strata"))


class Platform(Emulated):
    """A folder with configuration and state, and the emulator that its `local` environment points at."""

    def __init__(self, folder: pathlib.Path, *emulator_options: str):
        super().__init__(folder, *emulator_options)
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

    def mutating_calls_of(self, *arguments: str) -> tuple[list[str], subprocess.CompletedProcess]:
        """What a command changed, as service:operation, and what it said."""
        before = len(self.calls())
        result = self.run(*arguments)
        return [f"{c['service']}:{c['operation']}" for c in self.calls()[before:] if c["mutating"]], result
