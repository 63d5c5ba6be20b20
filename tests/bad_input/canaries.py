"""Secrets that can be told apart from everything else, and every way of writing them down."""

from __future__ import annotations

import base64
import dataclasses
import functools
import html
import json
import random
import string
import urllib.parse

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
        return self.make_bytes(name, self._random.randbytes(32))

    def make_bytes(self, name: str, content: bytes) -> Canary:
        return self._keep(Canary(name, content, (content[:12], content[-12:])))

    def _keep(self, canary: Canary) -> Canary:
        self.made.append(canary)
        return canary
