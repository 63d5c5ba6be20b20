"""Requests about state that are lost, or answered with an error although they were carried out: the run knows its own writes
again and goes on."""

import pytest
from outcome import converges
from test_two_runs import MADE_ONCE, SHORT
from trial_in_s3 import ELSEWHERE

FAILURES = {
    "answer lost": "drop-after",
    "request lost": "drop-before",
    "500 after": "error-after:500:InternalError",
    "409": "error:409:ConditionalRequestConflict",
    "412 after": "error-after:412:PreconditionFailed",
}
# One write of each kind in a first `up`: the lock is taken, tried out twice (#2, #3) and given back.
WRITES = [
    "lock:PUT#1",
    "journal:PUT#1",
    "journal:PUT#5",
    "snapshot:PUT#1",
    "lock:PUT#6",
]


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_an_up_goes_on_where_a_write_fails_once(trial, failure):
    trial.proxy.faults(*(f"{write}={failure}" for write in WRITES))

    said = trial.run("up", "sound", "--yes")

    assert (said.code, said.err) == (0, ""), said
    assert trial.proxy.fired() >= len(WRITES) - 1
    trial.proxy.faults()
    elsewhere = trial.run("up", "sound", "--yes", before=ELSEWHERE)
    assert elsewhere.code == 0 and elsewhere.out.startswith("Nothing to do"), "the lock was given back"
    assert converges(trial, "sound") == MADE_ONCE


def test_an_up_goes_on_where_the_answer_to_a_read_is_lost(deployed):
    reads = ("lock:GET", "snapshot:GET", "journal:LIST", "folder:LIST", "history:LIST")
    deployed.proxy.faults(*(f"{read}#1=drop-after" for read in reads))

    said = deployed.run("up", "sound", "--yes", "--replace", "apart")

    assert (said.code, said.err) == (0, ""), said
    assert deployed.proxy.fired() == len(reads)
    deployed.proxy.faults()
    converges(deployed, "sound")


def test_an_up_goes_on_where_much_fails_now_and_then(trial):
    now_and_then = [
        "*:PUT%8@1=drop-after",
        "*:*%8@2=error:503:SlowDown",
        "*:PUT%8@3=error-after:500:InternalError",
    ]
    trial.proxy.faults(
        *now_and_then,
        "*:*%8@4=drop-before",
        "*:PUT%8@5=error:409:ConditionalRequestConflict",
    )

    said = trial.run("up", "sound", "--yes")

    assert (said.code, said.err) == (0, ""), said
    assert trial.proxy.fired() > 0
    trial.proxy.faults()
    assert converges(trial, "sound") == MADE_ONCE


def test_a_lease_is_kept_alive_though_answers_to_renewals_are_lost(trial):
    """One second of lease, and three of work."""
    trial.faults("sqs:CreateQueue#1=delay:3000")
    trial.proxy.faults(
        "lock:PUT#4-5=drop-after",
        "lock:PUT#8=error-after:500:InternalError",
        "lock:PUT#10=drop-before",
    )

    said = trial.run("up", "sound", "--yes", environment=SHORT)

    assert (said.code, said.err) == (0, ""), said
    assert trial.proxy.fired() == 4
    assert trial.lock()["state"] == "released"
    trial.proxy.faults()
    assert converges(trial, "sound") == MADE_ONCE


def test_a_segment_that_is_refused_for_no_reason_stops_the_run_and_loses_nothing(trial):
    trial.proxy.faults("journal:PUT#4=error:412:PreconditionFailed")

    said = trial.run("up", "sound", "--yes")

    assert said.code == 8, said
    trial.proxy.faults()
    assert converges(trial, "sound") == MADE_ONCE
