"""The endpoints under `/_strata/`: for tests and tools, not part of AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from strata_emulator import forks
from strata_emulator.faults import BadSpec
from strata_emulator.http1 import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from strata_emulator.emulator import Emulator

PREFIX = "/_strata/"


def answer(emulator: Emulator, http: HttpRequest) -> HttpResponse:
    """Serves one admin request; 404 for an unknown one, 400 for a wrong fault."""
    route = ROUTES.get((http.method, http.path.removeprefix(PREFIX).rstrip("/")))
    if route is None:
        return _json({"error": f"no admin endpoint {http.method} {http.path}"}, 404)
    try:
        return _json(route(emulator, http))
    except (BadSpec, ValueError) as error:
        return _json({"error": str(error)}, 400)


def _health(emulator: Emulator, _: HttpRequest) -> dict[str, Any]:
    return {"status": "ok", "instance": emulator.instance}


def _instance(emulator: Emulator, _: HttpRequest) -> dict[str, Any]:
    return {"instance": emulator.instance}


def _reset(emulator: Emulator, _: HttpRequest) -> dict[str, Any]:
    emulator.reset()
    return {"instance": emulator.instance}


def _fork(emulator: Emulator, _: HttpRequest) -> dict[str, Any]:
    return forks.fork(emulator)


def _ledger(emulator: Emulator, http: HttpRequest) -> list[dict[str, Any]]:
    return emulator.ledger.since(int(http.query_items.get("since", "0")))


def _faults(emulator: Emulator, _: HttpRequest) -> list[dict[str, Any]]:
    return emulator.faults.listed()


def _add_faults(emulator: Emulator, http: HttpRequest) -> list[dict[str, Any]]:
    return emulator.faults.add(_specs(http.body.decode("utf-8")))


def _clear_faults(emulator: Emulator, _: HttpRequest) -> dict[str, Any]:
    emulator.faults.clear()
    return {}


def _waiting(emulator: Emulator, _: HttpRequest) -> list[dict[str, Any]]:
    return emulator.faults.waiting()


def _release(emulator: Emulator, http: HttpRequest) -> dict[str, Any]:
    number = http.query_items.get("id")
    return {"released": emulator.faults.release(int(number) if number else None)}


ROUTES = {
    ("GET", "health"): _health,
    ("GET", "instance"): _instance,
    ("POST", "reset"): _reset,
    ("POST", "fork"): _fork,
    ("GET", "ledger"): _ledger,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "waiting"): _waiting,
    ("POST", "release"): _release,
}


def _specs(body: str) -> list[str]:
    """Faults from a JSON list, `{"faults": [...]}`, or one a line."""
    if body.lstrip()[:1] in ("[", "{"):
        decoded = json.loads(body)
        return decoded["faults"] if isinstance(decoded, dict) else decoded
    return [line for line in body.splitlines() if line.strip()]


def _json(value: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
