"""What happens to a request between the wire and moto."""

from __future__ import annotations

import os
import threading
import time
import traceback
import uuid
import zlib
from dataclasses import dataclass
from typing import Any

from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException

from strata_emulator import admin, bridge, mends, missing, wire
from strata_emulator.call import Call
from strata_emulator.errors import AwsError, NotEmulated, render
from strata_emulator.faults import Fault, FaultPlan, repeated
from strata_emulator.http1 import HttpRequest, HttpResponse
from strata_emulator.identify import identify
from strata_emulator.ledger import Ledger, entry_for, is_mutating
from strata_emulator.throttle import Throttle, throttling_error

HTML = b"<!doctype html><html><head><title>500</title></head><body>Server error</body></html>"
PORTAL = b"<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>"
XML_ID = b"request-id"


@dataclass
class Settings:
    latency_ms: float = 0
    throttle: bool = False
    faults: tuple[str, ...] = ()
    ledger: str | None = None
    instance_file: str | None = None


class Emulator:
    """Answers requests. All of moto runs under one lock: its backends have none of their own,
    and Python runs one thread at a time anyway. Latency and holds are waited for outside of it.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.faults = FaultPlan(list(settings.faults))
        self.ledger = Ledger(settings.ledger)
        self.throttle = Throttle() if settings.throttle else None
        self.lock = threading.RLock()
        self.instance = ""
        self._new_instance()

    def _new_instance(self) -> None:
        self.instance = str(uuid.uuid4())
        if self.settings.instance_file:
            partial = f"{self.settings.instance_file}.{os.getpid()}"
            with open(partial, "w", encoding="utf-8") as file:
                file.write(self.instance + "\n")
            os.replace(partial, self.settings.instance_file)

    def reset(self) -> None:
        """Forgets everything but the ledger and the faults, as a restart would."""
        from moto.moto_api._internal.models import moto_api_backend

        with self.lock:
            moto_api_backend.reset()
            for forget in mends.RESET:
                forget()
            if self.throttle:
                self.throttle.reset()
            self._new_instance()

    def answer(self, http: HttpRequest) -> HttpResponse | None:
        """The answer to one request; None means: close the connection without one."""
        if http.path.startswith(admin.PREFIX):
            return admin.answer(self, http)
        if http.path.startswith("/moto-api"):
            return self._moto_api(http)
        with self.lock:
            call = identify(http)
        return self._answer_call(call)

    def _moto_api(self, http: HttpRequest) -> HttpResponse:
        if http.path == "/moto-api/reset" and http.method == "POST":
            self.reset()
            return HttpResponse(200, {"Content-Type": "application/json"}, b'{"status": "ok"}')
        with self.lock:
            return bridge.call_server_app(http)

    def _answer_call(self, call: Call) -> HttpResponse | None:
        entry = entry_for(call, self.ledger.next_sequence())
        fault = self.faults.strike(call)
        entry["fault"] = fault.spec if fault else ""
        response, handler_ms = self._before(call, fault)
        if response is None:
            response, handler_ms = self._run(call)
            response = self._without_hidden(call, response)
            entry["made"] = made_by(call, response)
            response = self._after(call, fault, response)
        entry["handler_ms"] = round(handler_ms, 3)
        self._record(call, entry, response)
        if self.settings.latency_ms:
            time.sleep(self.settings.latency_ms / 1000)
        if fault and fault.action in ("drop-before", "drop-after", "hang"):
            return None
        return response

    def _record(self, call: Call, entry: dict[str, Any], response: HttpResponse) -> None:
        entry["status"] = response.status
        entry["error"] = wire.error_code(call, response) if response.status >= 400 else ""
        entry["bytes_out"] = len(response.body)
        self.ledger.add(entry)

    def _before(self, call: Call, fault: Fault | None) -> tuple[HttpResponse | None, float]:
        """The answer of a call that never reaches the handler; None when it shall."""
        action = fault.action if fault else ""
        if action == "error":
            return self._failure(call, fault_error(fault)), 0
        if action == "echo":
            return self._failure(call, echo_error(call, fault)), 0
        if action == "throttle":
            return self._failure(call, throttling_error(call)), 0
        if action == "html":
            return HttpResponse(500, {"Content-Type": "text/html"}, HTML), 0
        if action == "portal":
            return HttpResponse(200, {"Content-Type": "text/html"}, PORTAL), 0
        if action == "drop-before":
            return HttpResponse(0), 0
        if action in ("pause", "hang"):
            self.faults.hold(call, "before")
            if action == "hang":
                return HttpResponse(0), 0
        if action == "delay":
            time.sleep(fault.number() / 1000)
        try:
            if self.throttle:
                self.throttle.check(call)
            if name := missing.name_asked_for(call, self.faults.hidden(call)):
                raise missing.not_found(call, name)
        except AwsError as error:
            return self._failure(call, error), 0
        return None, 0

    def _run(self, call: Call) -> tuple[HttpResponse, float]:
        """Runs the handler; the time is what moto and the mends took, waiting excluded."""
        with self.lock:
            started = time.perf_counter()
            try:
                mends.load(call.service)
                response = handle(call)
            except AwsError as error:
                response = self._failure(call, error)
            except ServiceException as error:
                response = wire.encode_exception(call, error)
            except HTTPException as error:
                response = bridge.http_error(error)
            except Exception as error:
                traceback.print_exc()
                message = f"the emulator failed on {call.service}:{call.operation}: {error!r}"
                response = self._failure(call, AwsError("InternalFailure", message, 500))
            return self._finish(call, response), (time.perf_counter() - started) * 1000

    def _finish(self, call: Call, response: HttpResponse) -> HttpResponse:
        """Gives the answer the request id of the call; moto's is fixed, or a second one."""
        drop = [n for n in response.headers if n.lower() in ("x-amzn-requestid", "server", "date")]
        for name in drop:
            del response.headers[name]
        response.headers["x-amzn-RequestId"] = call.request_id
        for name in response.headers:
            if name.lower() == "x-amz-crc32":
                response.headers[name] = str(zlib.crc32(response.body))
        if call.protocol == "ec2":
            response.body = response.body.replace(XML_ID, call.request_id.encode(), 1)
        return response

    def _after(self, call: Call, fault: Fault | None, response: HttpResponse) -> HttpResponse:
        if fault is None:
            return response
        if fault.action == "error-after":
            return self._failure(call, fault_error(fault))
        if fault.action == "pause-after":
            self.faults.hold(call, "after")
        elif fault.action == "truncate":
            response.truncate = response.close = True
        elif fault.action == "big-body":
            response.status, response.body = 500, b" " * int(fault.number())
        elif fault.action == "notfound-for" and response.status < 300:
            names = missing.created_names(call, response)
            self.faults.hide(call, names, fault.number())
        return response

    def _without_hidden(self, call: Call, response: HttpResponse) -> HttpResponse:
        """Lists leave out what a `notfound-for` hides."""
        hidden = self.faults.hidden(call)
        if not hidden or response.status >= 300 or not call.model or not call.model.output_shape:
            return response
        result = wire.decode(call, response)
        return wire.encode(call, result, response) if missing.without(result, hidden) else response

    def _failure(self, call: Call, error: AwsError) -> HttpResponse:
        status, headers, body = render(call.protocol, call.service, error, call.request_id)
        headers["x-amzn-RequestId"] = call.request_id
        return HttpResponse(status, headers, body)


def made_by(call: Call, response: HttpResponse) -> list[str]:
    """What the ledger says of a change that succeeded: names and ids of what it may have made."""
    if not is_mutating(call) or response.status >= 300:
        return []
    return sorted(missing.created_names(call, response))


def fault_error(fault: Fault) -> AwsError:
    status, code = fault.arguments
    return AwsError(code, "A fault of the plan", int(status))


def echo_error(call: Call, fault: Fault) -> AwsError:
    status, code, spelling = fault.arguments
    return AwsError(code, f"Cannot be taken: {repeated(call, spelling)}", int(status))


def handle(call: Call) -> HttpResponse:
    """Runs the mends and moto for one call."""
    key = (call.service, call.operation)
    check_required(call)
    for function in mends.BEFORE.get((call.service, "*"), []) + mends.BEFORE.get(key, []):
        result = function(call)
        if isinstance(result, HttpResponse):
            return result
        if result is not None:
            return wire.encode(call, result)
    if not call.operation and call.service in bridge.HANDLERS:
        raise NotEmulated(f"{call.service} operation for {call.http.method} {call.http.target}")
    response = bridge.call_moto(call)
    if response.status >= 300:
        return _on_failure(call, key, response)
    functions = mends.AFTER.get(key, [])
    if functions:
        result = wire.decode(call, response)
        for function in functions:
            function(call, result)
        response = wire.encode(call, result, response)
    return response


def check_required(call: Call) -> None:
    """Refuses a body that is no JSON object, and a call without a required parameter.

    The mends rely on it; moto fails on most such calls.
    """
    if call.facts.get("malformed"):
        raise AwsError("SerializationException", "The body is not a JSON object.")
    if call.protocol not in ("json", "ec2", "query") or call.model is None:
        return
    shape = call.model.input_shape
    missing_names = [n for n in (shape.required_members if shape else []) if n not in call.params]
    if missing_names:
        code = "ValidationException" if call.protocol == "json" else "MissingParameter"
        raise AwsError(code, f"The request must contain the parameter {missing_names[0]}")


def _on_failure(call: Call, key: tuple[str, str], response: HttpResponse) -> HttpResponse:
    for function in mends.FAILED.get(key, []):
        result = function(call, wire.error_code(call, response))
        if result is not None:
            return wire.encode(call, result)
    return response
