"""Where mends are registered, and the modules that hold them.

A mend is a function on one operation. ``@before`` runs ahead of moto: it may check and raise
AwsError, change ``call.params`` and ``call.rewrite()``, or return a dictionary, which then is the
whole answer and moto is not asked. ``@after`` runs behind a successful answer and changes the
decoded result in place; an answer no function touches is never decoded. ``@failed`` runs behind
an error answer and may return a dictionary that replaces it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from typing import Any

BEFORE: dict[tuple[str, str], list[Callable]] = defaultdict(list)
AFTER: dict[tuple[str, str], list[Callable]] = defaultdict(list)
FAILED: dict[tuple[str, str], list[Callable]] = defaultdict(list)
RESET: list[Callable[[], None]] = []

# Service -> the modules of this package that mend it, loaded with the service's first call.
MODULES: dict[str, list[str]] = {
    "cloudwatch": ["cloudwatch"],
    "dynamodb": ["dynamodb"],
    "ec2": ["ec2", "ec2_network", "ec2_gateways", "ec2_groups"],
    "ecr": ["ecr"],
    "ecs": ["ecs"],
    "glue": ["glue"],
    "iam": ["iam"],
    "kms": ["kms"],
    "logs": ["logs"],
    "rds": ["rds"],
    "resourcegroupstaggingapi": ["tagging"],
    "s3": ["s3"],
    "secretsmanager": ["secretsmanager"],
    "sns": ["sns"],
    "sqs": ["sqs"],
    "ssm": ["ssm"],
}
_loaded: set[str] = set()


def before(service: str, *operations: str) -> Callable:
    """Registers `f(call)` to run ahead of moto; what it returns, if anything, is the answer."""
    return _register(BEFORE, service, operations)


def after(service: str, *operations: str) -> Callable:
    """Registers `f(call, result)` to run on the decoded answer of a successful call."""
    return _register(AFTER, service, operations)


def failed(service: str, *operations: str) -> Callable:
    """Registers `f(call, error)` to run on an error answer."""
    return _register(FAILED, service, operations)


def on_reset(function: Callable[[], None]) -> Callable[[], None]:
    """Registers a function that forgets what a mend remembers."""
    RESET.append(function)
    return function


def _register(table: dict, service: str, operations: tuple[str, ...]) -> Callable:
    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        for operation in operations:
            table[(service, operation)].append(function)
        return function

    return keep


def load(service: str) -> None:
    """Imports the mends of `service` once; a service without mends stays moto's alone."""
    if service in _loaded:
        return
    for name in MODULES.get(service, []):
        import_module(f"strata_emulator.mends.{name}")
    echo = import_module("strata_emulator.echo")
    for row in import_module("strata_emulator.echo_table").ROWS:
        if row.service == service:
            echo.install(row)
    _loaded.add(service)
