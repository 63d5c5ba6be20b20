"""A threaded HTTP/1.1 server with keep-alive: one thread for each connection, one process.

Werkzeug's server closes after each answer, waitress decodes ``%2F`` in keys, and waitress and
gunicorn lose metadata names with ``_``; each of these hides or makes faults in a client.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import sys
import traceback
from collections.abc import Callable

from strata_emulator.http1 import (
    BadRequest,
    HttpRequest,
    HttpResponse,
    encode_response,
    read_request,
)

Handler = Callable[[HttpRequest], HttpResponse | None]
GOODBYE_SECONDS = 0.1
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(socketserver.BaseRequestHandler):
    """Serves the requests of one connection, one after the other, until either side closes it."""

    server: Server

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)

    def handle(self) -> None:
        stream = self.request.makefile("rb", buffering=1 << 16)
        try:
            while self._serve_one(stream):
                pass
        except (ConnectionError, TimeoutError, ssl.SSLError):
            pass
        finally:
            stream.close()

    def finish(self) -> None:
        if not isinstance(self.request, ssl.SSLSocket):
            return
        try:
            # Says goodbye, and does not wait for a peer that says nothing.
            self.request.settimeout(GOODBYE_SECONDS)
            self.request.unwrap()
        except (OSError, ValueError):
            pass
        finally:
            self.request.close()

    def _serve_one(self, stream) -> bool:
        try:
            request = read_request(stream, lambda: self.request.sendall(CONTINUE))
        except BadRequest as error:
            refusal = HttpResponse(400, {"Content-Type": "text/plain"}, str(error).encode(), True)
            self.request.sendall(encode_response(HttpRequest("GET", "/", []), refusal))
            return False
        if request is None:
            return False
        request.scheme = "https" if self.server.tls else "http"
        response = self.server.answer(request)
        if response is None:
            return False
        data = encode_response(request, response)
        if response.truncate:
            data = data[: len(data) - max(1, len(response.body) // 2)]
        self.request.sendall(data)
        return request.keep_alive and not response.close


class Server(socketserver.ThreadingTCPServer):
    """Listens on `host`:`port` (0 picks a free port) and answers with `answer`.

    `answer` returns None to close the connection without an answer.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, host: str, port: int, answer: Handler, tls: ssl.SSLContext | None = None):
        self.answer = answer
        self.tls = tls
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Connection)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        shown = f"[{host}]" if ":" in str(host) else host
        return f"{'https' if self.tls else 'http'}://{shown}:{port}"

    def handle_error(self, request, client_address) -> None:
        if isinstance(sys.exc_info()[1], OSError):
            return
        traceback.print_exc()


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """A server context for the PEM files given; TLS 1.2 and later."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
