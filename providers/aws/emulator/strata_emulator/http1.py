"""HTTP/1.1 messages: reads requests from a stream and writes answers, changing nothing on the way.

Paths are kept as they arrived (``%2F``, ``//``, ``+``), header names keep their case and their
underscores: signatures cover the first, S3 metadata keys need the second. RFC 9112.
"""

from __future__ import annotations

import email.utils
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import parse_qsl

MAX_LINE = 1 << 20
MAX_HEADERS = 500


class BadRequest(Exception):
    """The bytes are not an HTTP/1.1 request; the connection cannot be used again."""


@dataclass
class HttpRequest:
    """One request as it came over the wire; `target` is the undecoded path and query."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    keep_alive: bool = True
    scheme: str = "http"

    @cached_property
    def path(self) -> str:
        """The undecoded path; an absolute-form target is reduced to its path."""
        target = self.target.split("?", 1)[0]
        if target.startswith(("http://", "https://")):
            target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
        return target or "/"

    @cached_property
    def query(self) -> str:
        return self.target.split("?", 1)[1] if "?" in self.target else ""

    @cached_property
    def query_items(self) -> dict[str, str]:
        """Decoded query parameters; the last of a name wins, a bare word has the value ''."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers}

    def header(self, name: str, default: str = "") -> str:
        """The value of header `name` in any case, or `default`."""
        return self._by_name.get(name.lower(), default)


@dataclass
class HttpResponse:
    """One answer. `body` is what a GET would carry; for HEAD it is left out when written."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    close: bool = False
    truncate: bool = False


def read_request(stream: BinaryIO, on_continue) -> HttpRequest | None:
    """Reads one request.

    `on_continue` is called once, before the body is read, when the client asks for it.
    Returns None when the peer closed the connection between requests.
    """
    line = stream.readline(MAX_LINE)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(MAX_LINE)
    if not line:
        return None
    parts = line.decode("latin-1").rstrip("\r\n").split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest("malformed request line")
    request = HttpRequest(parts[0], parts[1], _read_headers(stream))
    connection = request.header("connection").lower()
    request.keep_alive = "close" not in connection and (
        parts[2] != "HTTP/1.0" or "keep-alive" in connection
    )
    if request.header("expect").lower() == "100-continue":
        on_continue()
    request.body = _read_body(stream, request)
    return request


def _read_headers(stream: BinaryIO) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    while True:
        line = stream.readline(MAX_LINE).decode("latin-1")
        if line in ("\r\n", "\n"):
            return headers
        name, colon, value = line.partition(":")
        if not colon or not line.endswith("\n") or len(headers) >= MAX_HEADERS:
            raise BadRequest("malformed header")
        headers.append((name, value.strip()))


def _read_body(stream: BinaryIO, request: HttpRequest) -> bytes:
    if "chunked" in request.header("transfer-encoding").lower():
        return _read_chunks(stream)
    length = request.header("content-length")
    if not length:
        return b""
    if not length.isdigit():
        raise BadRequest("malformed Content-Length")
    return _read_exactly(stream, int(length))


def _read_chunks(stream: BinaryIO) -> bytes:
    chunks = []
    while True:
        try:
            size = int(stream.readline(MAX_LINE).split(b";")[0], 16)
        except ValueError as error:
            raise BadRequest("malformed chunk") from error
        if size == 0:
            while stream.readline(MAX_LINE) not in (b"\r\n", b"\n", b""):
                pass
            return b"".join(chunks)
        chunks.append(_read_exactly(stream, size))
        stream.readline(MAX_LINE)


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BadRequest("the body ended early")
    return data


def encode_response(request: HttpRequest, response: HttpResponse) -> bytes:
    """The answer as bytes, in one piece so that it leaves in as few packets as possible."""
    bodiless = request.method == "HEAD" or response.status in (204, 304)
    headers = {name.lower(): (name, value) for name, value in response.headers.items()}
    if response.status not in (204, 304) and not (bodiless and "content-length" in headers):
        headers["content-length"] = ("Content-Length", str(len(response.body)))
    headers.setdefault("date", ("Date", email.utils.formatdate(usegmt=True)))
    headers["server"] = ("Server", "strata-emulator")
    if response.close or not request.keep_alive:
        headers["connection"] = ("Connection", "close")
    head = [f"HTTP/1.1 {response.status} {_reason(response.status)}"]
    head += [f"{name}: {value}" for name, value in headers.values()]
    data = _encode_head("\r\n".join(head) + "\r\n\r\n")
    return data if bodiless else data + response.body


def _encode_head(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
