"""Proxies in front of a server that speaks S3's language: every request is written down, and some fail as a test says."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import re
import socket
import socketserver
import threading
import urllib.parse
import uuid

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from strata_emulator.faults import Fault, FaultPlan
from strata_emulator.http1 import (
    HttpRequest,
    HttpResponse,
    encode_response,
    read_request,
)

# Of one connection only; the other side has its own.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}
CONDITIONS = {"if-match", "if-none-match"}


@dataclasses.dataclass
class StateCall:
    """A request about state, as the emulator's fault plan sees a call: `lock:PUT`, `journal:LIST`, `history:COPY`."""

    service: str
    operation: str
    request_id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    status: int = 0  # 0: the answer was lost, or is still to come

    def __str__(self) -> str:
        return f"{self.operation} {self.service}"


def state_call(request: HttpRequest) -> StateCall:
    if "list-type" in request.query_items:
        return StateCall(part_of(request.query_items.get("prefix", "")), "LIST")
    return StateCall(
        part_of(request.path),
        "COPY" if request.header("x-amz-copy-source") else request.method,
    )


def part_of(path: str) -> str:
    """snapshot, journal, history, lock or request; "folder" for what is listed above them."""
    found = re.search(r"/(snapshot|journal|history|lock|request)(\.json|/[^/]*)?/*$", path)
    return found[1] if found else "folder"


class ProxyThatFails:
    """Sends on what it gets, byte for byte, and fails calls by the emulator's grammar (providers/aws/emulator/README.md) with
    parts of state for services: `lock:PUT#1=drop-after`, `*:PUT%20@7=error:503:SlowDown`."""

    def __init__(self, upstream: str):
        self.upstream = upstream
        self.plan = FaultPlan()
        self.calls: list[StateCall] = []
        self._connections: set[socket.socket] = set()
        self._server: socketserver.ThreadingTCPServer | None = None
        self._address = ("127.0.0.1", 0)
        self.come_back()
        self.endpoint = f"http://127.0.0.1:{self._address[1]}"

    # --- what a test says and asks ---

    def faults(self, *specs: str) -> None:
        self.plan.clear()
        self.plan.add(list(specs))

    def fired(self) -> int:
        return sum(fault["fired"] for fault in self.plan.listed())

    def held(self) -> list[StateCall]:
        """What a `pause` or `pause-after` holds."""
        waiting = {call["request_id"] for call in self.plan.waiting()}
        return [call for call in self.calls if call.request_id in waiting]

    def release(self) -> None:
        self.plan.release()

    def go_away(self) -> None:
        """Refuses every connection from now on, and breaks those that there are."""
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                proxy._serve(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 128  # what is deleted is deleted all at once, over many connections

        self._server = Server(self._address, Handler)
        self._address = self._server.server_address
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            daemon=True,
        ).start()

    # --- carrying it out ---

    def _serve(self, handler: socketserver.StreamRequestHandler) -> None:
        self._connections.add(handler.connection)
        with contextlib.suppress(OSError):
            while request := read_request(
                handler.rfile,
                lambda: handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n"),
            ):
                answer = self._answer(request)
                if answer is None:
                    break
                handler.wfile.write(encode_response(request, answer))
        self._connections.discard(handler.connection)

    def _answer(self, request: HttpRequest) -> HttpResponse | None:
        """None where the connection is to break instead."""
        call = state_call(request)
        self.calls.append(call)
        fault = self.plan.strike(call)
        answer = self._send_on(request) if fault is None else self._failed(fault, call, request)
        call.status = answer.status if answer else 0
        return answer

    def _failed(self, fault: Fault, call: StateCall, request: HttpRequest) -> HttpResponse | None:
        if fault.action == "pause":
            self.plan.hold(call, "before")
            return self._send_on(request)
        if fault.action in ("drop-before", "error"):
            return self._refusal(fault)
        answer = self._send_on(request)
        if fault.action == "pause-after":
            self.plan.hold(call, "after")
            return answer
        assert fault.action in ("drop-after", "error-after"), fault
        return self._refusal(fault)

    @staticmethod
    def _refusal(fault: Fault) -> HttpResponse | None:
        if fault.action.startswith("drop"):
            return None
        status, code = fault.arguments
        body = f"<Error><Code>{code}</Code><Message>As told</Message><RequestId>as-told</RequestId></Error>"
        return HttpResponse(int(status), {"Content-Type": "application/xml"}, body.encode())

    def _send_on(self, request: HttpRequest) -> HttpResponse | None:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.upstream).netloc, timeout=60)
        with contextlib.closing(connection):
            connection.putrequest(
                request.method,
                request.target,
                skip_host=True,
                skip_accept_encoding=True,
            )
            for name, value in self.headers_to_send(request):
                connection.putheader(name, value)
            connection.endheaders(request.body or None)
            answer = connection.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            return HttpResponse(answer.status, headers, answer.read())

    def headers_to_send(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(name, value) for name, value in request.headers if name.lower() not in HOP_BY_HOP | {"expect"}]


class ProxyThatForgetsConditions(ProxyThatFails):
    """Takes If-Match and If-None-Match and does not pass them on, as some services do that speak S3's language. Signs anew what
    it sends, since conditions are signed too."""

    def __init__(self, upstream: str, credentials: Credentials, region: str):
        self._credentials, self._region = credentials, region
        super().__init__(upstream)

    def headers_to_send(self, request: HttpRequest) -> list[tuple[str, str]]:
        old = CONDITIONS | {
            "authorization",
            "host",
            "x-amz-date",
            "x-amz-content-sha256",
        }
        kept = {name: value for name, value in super().headers_to_send(request) if name.lower() not in old}
        signed = AWSRequest(request.method, self.upstream + request.target, kept, request.body)
        S3SigV4Auth(self._credentials, "s3", self._region).add_auth(signed)
        return [
            ("Host", urllib.parse.urlsplit(self.upstream).netloc),
            *signed.headers.items(),
        ]
