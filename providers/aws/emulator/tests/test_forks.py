"""Copies of the emulator: the same objects, and from then on their own."""

from __future__ import annotations

import os
import signal
import socket
import time

import boto3
from botocore.config import Config


def client_at(url: str, service: str):
    return boto3.client(
        service,
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, read_timeout=20),
    )


def names(sqs) -> list[str]:
    return sorted(url.rsplit("/", 1)[1] for url in sqs.list_queues().get("QueueUrls", []))


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) == 0


def wait_until_gone(url: str, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while listens(url):
        assert time.monotonic() < deadline, f"{url} still listens"
        time.sleep(0.05)


def test_a_copy_has_what_was_there_and_goes_its_own_way(start):
    first = start()
    sqs = first.client("sqs")
    sqs.create_queue(QueueName="before")

    copy = first.admin("POST", "fork")
    other = client_at(copy["url"], "sqs")
    sqs.create_queue(QueueName="here")
    other.create_queue(QueueName="there")

    assert names(sqs) == ["before", "here"]
    assert names(other) == ["before", "there"]


def test_a_copy_can_be_copied_and_keeps_the_instance_but_not_the_ledger_or_the_faults(start):
    first = start()
    first.client("sqs").create_queue(QueueName="one")
    first.admin("POST", "faults", {"faults": ["sqs:*=throttle"]})

    copy = first.admin("POST", "fork")
    assert names(client_at(copy["url"], "sqs")) == ["one"]

    first.url = copy["url"]
    again = first.admin("POST", "fork")
    assert [call["operation"] for call in first.admin("GET", "ledger")] == ["ListQueues"]
    instance = first.admin("GET", "instance")
    first.url = again["url"]
    assert first.admin("GET", "instance") == instance
    assert first.admin("GET", "ledger") == []


def test_a_copy_ends_by_a_signal_or_with_what_it_came_from(start):
    first = start()
    copies = [first.admin("POST", "fork") for _ in range(2)]

    os.kill(copies[0]["pid"], signal.SIGTERM)
    wait_until_gone(copies[0]["url"])
    assert listens(copies[1]["url"])

    assert first.stop() == 0
    wait_until_gone(copies[1]["url"])
