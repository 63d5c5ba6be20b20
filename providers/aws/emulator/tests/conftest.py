"""One emulator for the whole test session; each test works in an account of its own."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

PACKAGE = Path(__file__).resolve().parents[1]
ACCOUNTS = itertools.count(111111111111)


class Running:
    """An emulator process and ways to talk to it."""

    def __init__(self, *arguments: str):
        environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "strata_emulator", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), line
        self.url = line.split()[-1]
        self.account = ""

    def client(self, service: str, region: str = "eu-west-1", **settings: Any) -> Any:
        """A boto3 client without retries, for the account that `account` names, if any."""
        config = Config(retries={"max_attempts": 0}, read_timeout=20, **settings)
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
            verify=False if self.url.startswith("https") else None,
        )
        client.meta.events.register(
            "before-send", lambda request, **_: request.headers.update(self._account_header())
        )
        return client

    def _account_header(self) -> dict[str, str]:
        return {"x-moto-account-id": self.account} if self.account else {}

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/_strata/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(10)
        self.process.stdout.close()
        return code


@pytest.fixture(scope="session")
def emulator() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts emulators with arguments of the test's own; all are stopped after it."""
    started: list[Running] = []

    def begin(*arguments: str) -> Running:
        started.append(Running(*arguments))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
def account() -> str:
    """An account that no other test has used."""
    return str(next(ACCOUNTS))


@pytest.fixture(scope="session")
def clients(emulator: Running) -> dict[tuple[str, str], Any]:
    """Clients are dear to make, so tests share them; the account changes with the test."""
    return {}


@pytest.fixture
def aws(emulator: Running, clients: dict[tuple[str, str], Any], account: str) -> Iterator[Any]:
    """Gives clients for the account of the test: `aws("ec2")`."""

    def client(service: str, region: str = "eu-west-1") -> Any:
        if (service, region) not in clients:
            clients[service, region] = emulator.client(service, region)
        return clients[service, region]

    emulator.account = account
    yield client
    emulator.account = ""


def error_of(function: Callable[..., Any], **params: Any) -> str:
    """The error code with which a call is refused; "" when it succeeds."""
    from botocore.exceptions import ClientError

    try:
        function(**params)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


@pytest.fixture
def refused() -> Callable[..., str]:
    return error_of
