"""Runs a program in a trial's folder, and looks for every canary in all that it says and leaves there."""

from __future__ import annotations

import itertools
import os
import pathlib
import subprocess

from canaries import Canaries, Canary
from trial import ROOT, Trial

PROGRAM = pathlib.Path(os.environ.get("STRATA_CANARIES", ROOT / "build/tests/canary_program"))


class Watch:
    """Gathers what it finds; found_nothing() then tells it all at once."""

    def __init__(self, trial: Trial, canaries: Canaries):
        self.trial = trial
        self.canaries = canaries
        self.leaks: list[str] = []
        self._own: dict[str, set[Canary]] = {}
        self._seen: dict[str, bytes] = {}
        self._runs = itertools.count(1)

    def found_nothing(self) -> None:
        """Fails with every leak that was seen, each with its surroundings."""
        assert not self.leaks, f"{len(self.leaks)} leaks:\n" + "\n".join(self.leaks)

    def owns(self, path: str, *canaries: Canary) -> None:
        """The person's own file, which may hold these."""
        self._own.setdefault(path, set()).update(canaries)

    def write(self, path: str, text: str, *canaries: Canary) -> None:
        file = self.trial.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        self.owns(path, *canaries)

    def look(self, sink: str, content: bytes, may_hold: set[Canary] = frozenset()) -> None:
        for canary in self.canaries.made:
            if canary not in may_hold and (forms := canary.found_in(content)):
                self.leaks.append(f"{canary.name} is in {sink}: {', '.join(forms)}\n{around(content, canary)}")

    def look_at_files(self, when: str) -> None:
        """Every file below the folder that is new or was changed; names of files too."""
        for file in sorted(self.trial.folder.rglob("*")):
            path = str(file.relative_to(self.trial.folder))
            content = file.read_bytes() if file.is_file() else b""
            if self._seen.get(path) == content:
                continue
            self._seen[path] = content
            self.look(f"file {path} {when}", path.encode() + b"\n" + content, self._own.get(path, frozenset()))

    def look_at_files_again(self, when: str) -> None:
        """For canaries that were not known before."""
        self._seen.clear()
        self.look_at_files(when)

    def look_at_processes(self, process: subprocess.Popen, when: str, may_hold: set[Canary] = frozenset()) -> None:
        """The command lines of the program and of what it has started, as `ps` shows them to everybody."""
        for one in [process.pid, *children_of(process.pid)]:
            self.look(f"command line of process {one} {when}", command_line(one), may_hold)

    def run(self, *arguments: str, stdin: str = "", may_hold: set[Canary] = frozenset(), **options) -> tuple[int, str, str]:
        """@param may_hold  what the person puts on the command line"""
        running = self.start(*arguments, stdin=subprocess.PIPE, **options)
        self.look_at_processes(running, "of " + arguments[0], may_hold)
        code, out, err = self.finish(running, stdin)
        assert code >= 0, f"{running.called} was ended by signal {-code}\n{out}\n{err}"
        return code, out, err

    def start(self, *arguments: str, **options) -> subprocess.Popen:
        process = self.trial.start(*arguments, program=options.pop("program", PROGRAM), **options)
        process.called = f"`{' '.join(arguments[:6])}` (run {next(self._runs)})"
        return process

    def finish(self, process: subprocess.Popen, stdin: str | None = None) -> tuple[int, str, str]:
        out, err = process.communicate(stdin, timeout=120)
        self.look("output of " + process.called, out.encode())
        self.look("errors of " + process.called, err.encode())
        self.look_at_files("after " + process.called)
        return process.returncode, out, err

    def works(self, *arguments: str, code: int = 0, **options) -> str:
        """A run that must do what it is for: what fails early says nothing."""
        got, out, err = self.run(*arguments, **options)
        assert got == code, f"{arguments} answered {got}\n{out}\n{err}"
        return out + err


def around(content: bytes, canary: Canary) -> str:
    """The first place, so that one sees what it is about."""
    at = min(content.find(text) for text in canary.forms.values() if text in content)
    return "    ..." + content[max(0, at - 120) : at + 80].decode(errors="replace").replace("\n", "\\n") + "..."


def command_line(process: int) -> bytes:
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def children_of(process: int) -> list[int]:
    found = []
    for file in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(file.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == process:
            child = int(file.parent.name)
            found += [child, *children_of(child)]
    return found
