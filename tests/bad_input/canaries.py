"""Secrets that can be told apart from everything else, and a watch that looks for them in all that a program leaves."""

from __future__ import annotations

import base64
import dataclasses
import functools
import html
import itertools
import json
import os
import pathlib
import random
import string
import subprocess
import urllib.parse

from trial import ROOT, Trial

PROGRAM = pathlib.Path(os.environ.get("STRATA_CANARIES", ROOT / "build/tests/canary_program"))

# What every escaping changes. A header field or a line of a file takes no line breaks and nothing that is not ASCII.
ANYTHING = "\"'\\%+/ <&>\té\N{KEY}\n$`"
ONE_LINE = "\"'\\%+/ <&>\té\N{KEY}$`"
ASCII = '"\\%+/<&>='


@dataclasses.dataclass(frozen=True)
class Canary:
    """A secret: two words of nothing but letters around what every escaping changes. Either word alone gives it away too."""

    name: str
    content: bytes
    words: tuple[bytes, ...]

    @property
    def text(self) -> str:
        return self.content.decode()

    @functools.cached_property
    def forms(self) -> dict[str, bytes]:
        """Every way of writing it down, by name; of two that are the same the first."""
        found = written(self.content)
        for word in self.words:
            found |= {f"{form} of {word.decode(errors='backslashreplace')}": text for form, text in written(word).items()}
        names = {text: form for form, text in reversed(found.items())}
        return {form: text for text, form in reversed(names.items())}

    def found_in(self, content: bytes) -> list[str]:
        return [form for form, text in self.forms.items() if text in content]


def written(content: bytes) -> dict[str, bytes]:
    """The forms of one text: as it is, in base64 at each of three offsets, in hexadecimal, and, of text, escaped."""
    forms = {"raw": content, "hex": content.hex().encode(), "HEX": content.hex().upper().encode()}
    for offset in range(3):
        forms[f"base64 at {offset}"] = base64_inside(base64.b64encode(bytes(offset) + content), offset, len(content))
        forms[f"base64url at {offset}"] = base64_inside(base64.urlsafe_b64encode(bytes(offset) + content), offset, len(content))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return forms
    quoted = urllib.parse.quote(text, safe="")
    escaped = {
        "json": json.dumps(text, ensure_ascii=False)[1:-1],
        "json in ascii": json.dumps(text)[1:-1],
        "json in json": json.dumps(json.dumps(text, ensure_ascii=False)[1:-1], ensure_ascii=False)[1:-1],
        "json in json in ascii": json.dumps(json.dumps(text)[1:-1])[1:-1],
        "url": quoted,
        "url in lower case": "".join(part.lower() if i % 3 == 1 else part for i, part in enumerate(split_escapes(quoted))),
        "url with slashes": urllib.parse.quote(text, safe="/"),
        "form": urllib.parse.quote_plus(text),
        "xml": html.escape(text, quote=False),
        "xml with quotes": html.escape(text),
    }
    return forms | {form: text.encode() for form, text in escaped.items()}


def split_escapes(quoted: str) -> list[str]:
    """Text, "%XX", nothing, text, ...: every second of three is an escape."""
    parts = [quoted.split("%", 1)[0]]
    for piece in quoted.split("%")[1:]:
        parts += ["%" + piece[:2], "", piece[2:]]
    return parts


def base64_inside(encoded: bytes, offset: int, length: int) -> bytes:
    """What of it depends on the text alone, not on what stands before and after it."""
    return encoded[-(-offset * 8 // 6) : (offset + length) * 8 // 6]


class Canaries:
    """Makes them, the same ones in each run of the tests, and never the same one twice."""

    def __init__(self):
        self.made: list[Canary] = []
        self._random = random.Random("canaries")

    def word(self, length: int = 18) -> str:
        return "".join(self._random.choice(string.ascii_letters) for _ in range(length))

    def make(self, name: str, special: str = ANYTHING) -> Canary:
        first, last = self.word(), self.word()
        return self._keep(Canary(name, f"{first}{special}{last}".encode(), (first.encode(), last.encode())))

    def make_text(self, name: str, text: str) -> Canary:
        """Of a text that is given; its beginning and its end give it away."""
        content = text.encode()
        return self._keep(Canary(name, content, (content[:18], content[-18:])))

    def make_long(self, name: str, size: int) -> Canary:
        """Of many lines, as a private key; each of them gives it away."""
        lines = [self.word(60) for _ in range(size // 61)]
        return self._keep(Canary(name, "\n".join(lines).encode(), tuple(line[:18].encode() for line in lines)))

    def make_key(self, name: str) -> Canary:
        """The bytes of a key file, which holds them as hexadecimal digits."""
        content = self._random.randbytes(32)
        return self._keep(Canary(name, content, (content[:12], content[-12:])))

    def _keep(self, canary: Canary) -> Canary:
        self.made.append(canary)
        return canary


class Watch:
    """Runs the program in a trial's folder, and looks for every canary in all that it says and leaves there."""

    def __init__(self, trial: Trial, canaries: Canaries):
        self.trial = trial
        self.canaries = canaries
        self.leaks: list[str] = []
        self.sinks = 0
        self.bytes = 0
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
        self.sinks += 1
        self.bytes += len(content)
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
