"""Several runs on one stack whose state lies in a bucket: at once, paused, killed, and on another machine."""

import signal

import pytest
from outcome import converges
from test_two_runs import MADE_ONCE, SHORT, made
from trial_in_s3 import ELSEWHERE

PATIENTLY = ("--lock-timeout", "60")


def start_and_hold(trial, fault: str = "sqs:CreateQueue#1=pause", **options):
    """A run that waits for the answer to a call."""
    trial.faults(fault)
    running = trial.start("up", "sound", "--yes", **options)
    trial.wait_for_held()
    return running


def kill(process) -> None:
    process.kill()
    process.wait(timeout=20)


def test_of_two_at_once_one_works_and_the_other_answers_four(trial):
    holder = start_and_hold(trial)

    other = trial.run("up", "sound", "--yes")
    assert other.code == 4, other
    assert '<state>/local/sound/lock: held for "up" by tester@HOST (process N) since' in other.err, other
    elsewhere = trial.run("up", "sound", "--yes", before=ELSEWHERE)
    assert elsewhere.code == 4, elsewhere

    trial.admin("POST", "release")
    assert trial.finish(holder).code == 0
    assert converges(trial, "sound") == MADE_ONCE


def test_of_three_that_start_together_one_deploys_and_the_others_answer_four(trial):
    runs = [trial.start("up", "sound", "--yes") for _ in range(3)]
    said = [trial.finish(run) for run in runs]

    assert {one.code for one in said} <= {0, 4}, said
    assert any(one.code == 0 for one in said)
    assert converges(trial, "sound") == MADE_ONCE


def test_with_patience_the_other_gets_its_turn(trial):
    holder = start_and_hold(trial)
    patient = trial.start("up", "sound", "--yes", *PATIENTLY, before=ELSEWHERE)
    trial.wait_until(lambda: [str(call) for call in trial.proxy.calls].count("GET lock") > 4)
    trial.admin("POST", "release")

    assert trial.finish(holder).code == 0
    said = trial.finish(patient)
    assert said.code == 0 and "Nothing to do" in said.out, said
    assert converges(trial, "sound") == MADE_ONCE


def test_a_run_that_was_killed_is_followed_at_once_on_the_same_machine(trial):
    killed = start_and_hold(trial, "sqs:CreateQueue#1=pause-after")
    kill(killed)
    trial.admin("POST", "release")
    assert trial.lock()["state"] == "held"

    assert converges(trial, "sound") == MADE_ONCE
    assert trial.lock()["state"] == "released"


def test_a_run_that_was_killed_elsewhere_is_followed_when_its_lease_has_run_out(
    trial_on_minio,
):
    trial = trial_on_minio
    killed = start_and_hold(trial, "sqs:CreateQueue#1=pause-after", before=ELSEWHERE, environment=SHORT)
    assert trial.lock()["host"] == "elsewhere"
    kill(killed)
    trial.admin("POST", "release")

    early = trial.run("up", "sound", "--yes")
    assert early.code == 4 and "by tester@elsewhere (process N)" in early.err, early
    second = trial.run("up", "sound", "--yes", *PATIENTLY)
    assert second.code == 0, second
    assert converges(trial, "sound") == MADE_ONCE


def test_a_run_that_was_paused_past_its_lease_changes_not_one_byte_any_more(trial):
    paused = start_and_hold(trial, environment=SHORT)
    paused.send_signal(signal.SIGSTOP)
    early = trial.run("up", "sound", "--yes", before=ELSEWHERE)
    assert early.code == 4, early
    second = trial.run("up", "sound", "--yes", *PATIENTLY, before=ELSEWHERE)
    assert second.code == 0, second

    before = trial.objects()
    trial.admin("POST", "release")
    paused.send_signal(signal.SIGCONT)
    woken = trial.finish(paused)

    assert woken.code == 8, woken
    assert "error: Another run took this stack over" in woken.err
    assert trial.objects() == before
    converges(trial, "sound")


@pytest.mark.parametrize("held", ["lock:PUT#1", "journal:PUT#4", "snapshot:PUT#1"])
def test_a_write_that_arrives_after_its_run_was_killed_and_followed_changes_nothing(trial, held):
    trial.proxy.faults(f"{held}=pause")
    killed = trial.start("up", "sound", "--yes")
    trial.wait_until(trial.proxy.held)
    kill(killed)
    trial.proxy.faults()

    second = trial.run("up", "sound", "--yes")
    assert second.code == 0, second
    before = trial.objects()
    late = trial.proxy.held()
    trial.proxy.release()
    trial.wait_until(lambda: all(call.status for call in late))

    assert [call.status for call in late] == [412]
    assert trial.objects() == before
    assert converges(trial, "sound") == MADE_ONCE


@pytest.mark.parametrize("held", ["lock:PUT#1", "journal:PUT#4"])
def test_a_run_that_was_killed_before_it_heard_of_its_write_is_followed_at_once(trial, held):
    trial.proxy.faults(f"{held}=pause-after")
    killed = trial.start("up", "sound", "--yes")
    trial.wait_until(trial.proxy.held)
    kill(killed)

    trial.proxy.faults()
    assert converges(trial, "sound") == MADE_ONCE


def test_a_run_whose_lock_was_taken_away_changes_not_one_byte_any_more(trial):
    robbed = start_and_hold(trial)
    unlocked = trial.run("state", "unlock", "sound", "--yes")
    assert unlocked.code == 0 and 'the lock for "up" by tester@HOST (process N)' in unlocked.out, unlocked
    assert trial.run("up", "sound", "--yes").code == 0

    before = trial.objects()
    trial.admin("POST", "release")
    said = trial.finish(robbed)

    assert said.code == 8, said
    assert trial.objects() == before
    converges(trial, "sound")


def test_a_lock_that_cannot_be_understood_answers_four_until_it_is_taken_away(deployed):
    lock = deployed.key("sound", "lock")
    for garbage in (b"", b"{", b'{"state": "held"}', b"\xff\xfe" * 500):
        deployed.write(lock, garbage)
        refused = deployed.run("up", "sound", "--yes")
        assert refused.code == 4, (garbage, refused)
        assert "<state>/local/sound/lock does not say who holds this stack." in refused.err, refused
        assert deployed.read(lock) == garbage
        assert deployed.run("preview", "sound").code == 0

        assert deployed.run("state", "unlock", "sound", "--yes").code == 0
        assert deployed.run("up", "sound", "--yes").code == 0
    assert made(deployed) == MADE_ONCE
