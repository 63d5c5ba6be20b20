"""Writes the trees of moto's serializer as XML, in place of `xmltodict.unparse`.

That one checks the name of every element and was a third of the time of a long list. The names
here come from the service models. The text is the same; a test compares the two.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def unparse(
    tree: dict[str, Any],
    full_document: bool = True,
    short_empty_elements: bool = False,
    pretty: bool = False,
) -> str:
    """The tree as XML: keys with `@` are attributes, `#text` is text, lists repeat their element.

    `pretty` is accepted and has no effect.
    """
    parts = [HEAD] if full_document else []
    for name, value in tree.items():
        _element(parts, name, value, short_empty_elements)
    return "".join(parts)


def _element(parts: list[str], name: str, value: Any, short: bool) -> None:
    if isinstance(value, (list, tuple)):
        for item in value:
            _element(parts, name, item, short)
        return
    if isinstance(value, dict):
        _structure(parts, name, value, short)
        return
    _close(parts, f"<{name}", name, "" if value is None else escape(_text(value)), short)


def _structure(parts: list[str], name: str, value: dict[str, Any], short: bool) -> None:
    start, text, children = f"<{name}", "", []
    for key, item in value.items():
        if key == "#text":
            text = "" if item is None else escape(_text(item))
        elif key.startswith("@"):
            start += _attribute(key[1:], item)
        else:
            children.append((key, item))
    inner: list[str] = []
    for key, item in children:
        _element(inner, key, item, short)
    _close(parts, start, name, "".join(inner) + text, short)


def _attribute(name: str, value: Any) -> str:
    if name == "xmlns" and isinstance(value, dict):
        return "".join(
            _attribute(f"xmlns:{prefix}" if prefix else "xmlns", uri)
            for prefix, uri in value.items()
        )
    return f" {name}={quoteattr('' if value is None else _text(value))}"


def _close(parts: list[str], start: str, name: str, content: str, short: bool) -> None:
    if content or not short:
        parts.append(f"{start}>{content}</{name}>")
    else:
        parts.append(f"{start}/>")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
