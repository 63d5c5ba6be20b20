#!/usr/bin/env python3
"""Trims botocore's service models to the operations that Strata uses.

Reads `../models/operations.txt` and writes `../models/<service>.json`: metadata, operations, the shapes that
they reach, paginators and waiters, without documentation text. Everything is sorted, so that the same
botocore always gives the same bytes.

    trim_models.py            rewrites the models            (`make models`)
    trim_models.py --check    compares only; 1 when they differ, 77 when the pinned botocore is not there
"""

import argparse
import json
import sys
from pathlib import Path

PINNED_BOTOCORE = "1.43.117"
MODELS = Path(__file__).resolve().parent.parent / "models"

# ctest reads this exit code as "skipped" (SKIP_RETURN_CODE).
SKIPPED = 77

# The wire protocols that providers/aws/protocol speaks; of a service with several, the first of these.
PROTOCOLS = ("ec2", "query", "json", "rest-json", "rest-xml")

METADATA = (
    "apiVersion",
    "awsQueryCompatible",
    "endpointPrefix",
    "jsonVersion",
    "serviceId",
    "signingName",
    "targetPrefix",
    "xmlNamespace",
)
OPERATION = (
    "authtype",
    "endpoint",
    "http",
    "httpChecksum",
    "httpChecksumRequired",
    "idempotent",
    "name",
    "requestcompression",
    "unsignedPayload",
)
MEMBER = (
    "flattened",
    "hostLabel",
    "idempotencyToken",
    "jsonvalue",
    "location",
    "locationName",
    "queryName",
    "shape",
    "streaming",
    "timestampFormat",
    "xmlAttribute",
    "xmlNamespace",
)
SHAPE = (
    "document",
    "enum",
    "error",
    "exception",
    "fault",
    "flattened",
    "locationName",
    "max",
    "min",
    "pattern",
    "payload",
    "required",
    "sensitive",
    "streaming",
    "timestampFormat",
    "type",
    "union",
    "wrapper",
    "xmlNamespace",
)
PAGINATOR = ("input_token", "limit_key", "more_results", "output_token", "result_key")
WAITER = ("acceptors", "delay", "maxAttempts", "operation")
ACCEPTOR = ("argument", "expected", "matcher", "state")

LINE_WIDTH = 140


def picked(source, names):
    """The entries of `source` that are in `names`."""
    return {name: source[name] for name in names if name in source}


def wanted_operations():
    """Service name to the list of its operations, from operations.txt."""
    wanted = {}
    for line in (MODELS / "operations.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            service, operation = line.split()
            wanted.setdefault(service, []).append(operation)
    return wanted


def references(shape):
    """The member, element and key references of a shape."""
    yield from shape.get("members", {}).values()
    for part in ("member", "key", "value"):
        if part in shape:
            yield shape[part]


def reachable(shapes, names):
    """`names` and every shape below them."""
    found = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += [reference["shape"] for reference in references(shapes[name])]
    return found


def trimmed_shape(shape):
    """A shape without documentation; of an enum that only repeats what a pattern allows, both stay."""
    kept = picked(shape, SHAPE)
    if "members" in shape:
        kept["members"] = {name: picked(member, MEMBER) for name, member in shape["members"].items()}
    for part in ("member", "key", "value"):
        if part in shape:
            kept[part] = picked(shape[part], MEMBER)
    if "required" in kept:
        kept["required"] = sorted(kept["required"])
    return kept


def trimmed_operation(operation):
    """An operation with its shapes' names and what its request looks like."""
    kept = picked(operation, OPERATION)
    if "input" in operation:
        kept["input"] = picked(operation["input"], ("shape", "locationName", "xmlNamespace"))
    if "output" in operation:
        kept["output"] = picked(operation["output"], ("shape", "resultWrapper"))
    if operation.get("errors"):
        kept["errors"] = sorted(error["shape"] for error in operation["errors"])
    if operation.get("auth") == ["smithy.api#noAuth"]:
        kept["authtype"] = "none"
    return kept


def shapes_of(operations):
    """The names of the shapes that operations name themselves."""
    for operation in operations.values():
        for part in ("input", "output"):
            if part in operation:
                yield operation[part]["shape"]
        yield from operation.get("errors", [])


def trimmed_waiter(waiter):
    """A waiter without its descriptions."""
    kept = picked(waiter, WAITER)
    kept["acceptors"] = [picked(acceptor, ACCEPTOR) for acceptor in waiter["acceptors"]]
    return kept


def trimmed_metadata(metadata):
    """What the wire layer needs to know about the service; one protocol, the first that it speaks."""
    kept = picked(metadata, METADATA)
    offered = metadata.get("protocols", [metadata["protocol"]])
    kept["protocol"] = next(protocol for protocol in offered if protocol in PROTOCOLS)
    return kept


def optional(loader, service, kind):
    """A model file that not every service has."""
    from botocore.exceptions import DataNotFoundError, UnknownServiceError

    try:
        return loader.load_service_model(service, kind)
    except (DataNotFoundError, UnknownServiceError):
        return {}


def trimmed_model(loader, service, names):
    """The whole file of one service."""
    model = loader.load_service_model(service, "service-2")
    missing = [name for name in names if name not in model["operations"]]
    if missing:
        sys.exit(f"operations.txt: {service} has no operation {', '.join(missing)}")
    operations = {name: trimmed_operation(model["operations"][name]) for name in names}
    kept = reachable(model["shapes"], shapes_of(operations))
    paginators = optional(loader, service, "paginators-1").get("pagination", {})
    waiters = optional(loader, service, "waiters-2").get("waiters", {})
    return {
        "metadata": trimmed_metadata(model["metadata"]),
        "operations": operations,
        "paginators": {name: picked(paginators[name], PAGINATOR) for name in names if name in paginators},
        "shapes": {name: trimmed_shape(model["shapes"][name]) for name in kept},
        "waiters": {name: trimmed_waiter(waiter) for name, waiter in waiters.items() if waiter["operation"] in names},
    }


def laid_out(value, depth=0, used=0):
    """JSON with sorted keys: on one line where it fits, else one entry a line."""
    line = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or used + depth + len(line) <= LINE_WIDTH:
        return line
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        rows = [f"{json.dumps(key)}: {laid_out(value[key], depth + 1, len(key) + 4)}" for key in sorted(value)]
        return "{\n" + ",\n".join(pad + row for row in rows) + "\n" + " " * depth + "}"
    rows = [laid_out(item, depth + 1) for item in value]
    return "[\n" + ",\n".join(pad + row for row in rows) + "\n" + " " * depth + "]"


def pinned_loader():
    """A loader of the pinned botocore, or None with a line that says why not."""
    try:
        import botocore
        import botocore.loaders
    except ImportError:
        print(f"skipped: botocore {PINNED_BOTOCORE} is not installed here (`make venv` installs it)")
        return None
    if botocore.__version__ != PINNED_BOTOCORE:
        print(f"skipped: botocore {botocore.__version__} is installed, the models come from {PINNED_BOTOCORE}")
        return None
    return botocore.loaders.Loader()


def main():
    """Writes or compares every model file."""
    parser = argparse.ArgumentParser(description="Trim botocore's service models")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a file would change")
    check = parser.parse_args().check

    loader = pinned_loader()
    if loader is None:
        return SKIPPED

    different = []
    wanted = wanted_operations()
    for service, names in wanted.items():
        path = MODELS / f"{service}.json"
        text = laid_out(trimmed_model(loader, service, names)) + "\n"
        if path.exists() and path.read_text() == text:
            continue
        different.append(path.name)
        if not check:
            path.write_text(text)
    different += [path.name for path in MODELS.glob("*.json") if path.stem not in wanted]

    if check and different:
        print(f"not as botocore {PINNED_BOTOCORE} says: {', '.join(different)}; run `make models`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
