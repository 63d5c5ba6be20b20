"""Two and three runs of the binary on one stack at once: paused, killed, robbed of their lock, or just at the same time."""

import signal

import pytest
from outcome import converges

# Every resource of the stack `sound` is made by one call.
MADE_ONCE = ["logs:CreateLogGroup", "sqs:CreateQueue", "sqs:CreateQueue", "ssm:PutParameter"]
# A lease as short as can be; whoever takes it over waits five seconds more, for clocks that differ.
SHORT = {"STRATA_LOCK_LEASE": "1"}


@pytest.fixture
def holder(trial):
    """A run that waits for the answer to its first call, which is not carried out yet."""
    trial.faults("sqs:CreateQueue#1=pause")
    running = trial.start("up", "sound", "--yes", environment=SHORT)
    trial.wait_for_held()
    return running


def made(trial) -> list[str]:
    return sorted(change for change in trial.changes() if change in MADE_ONCE)


def test_of_three_at_once_one_deploys_and_the_others_answer_four(trial):
    runs = [trial.start("up", "sound", "--yes") for _ in range(3)]
    said = [trial.finish(run) for run in runs]

    assert {one.code for one in said} <= {0, 4}, said
    assert any(one.code == 0 for one in said)
    assert made(trial) == MADE_ONCE
    converges(trial, "sound")


def test_with_patience_each_of_two_gets_its_turn(trial):
    runs = [trial.start("up", "sound", "--yes", "--lock-timeout", "60") for _ in range(2)]
    said = [trial.finish(run) for run in runs]

    assert [one.code for one in said] == [0, 0], said
    assert made(trial) == MADE_ONCE
    converges(trial, "sound")


def test_a_run_that_is_paused_for_longer_than_its_lease_writes_nothing_more_and_answers_eight(trial, holder):
    holder.send_signal(signal.SIGSTOP)
    early = trial.run("up", "sound", "--yes")
    assert early.code == 4, early
    second = trial.run("up", "sound", "--yes", "--lock-timeout", "60")
    assert second.code == 0, second

    before = trial.remembered()
    trial.admin("POST", "release")
    holder.send_signal(signal.SIGCONT)
    woken = trial.finish(holder)
    assert woken.code == 8, woken
    assert "error: Another run took this stack over" in woken.err
    assert trial.remembered() == before
    converges(trial, "sound")


def test_a_run_that_was_killed_is_followed_at_once_and_what_it_made_is_found(trial):
    trial.faults("sqs:CreateQueue#1=pause-after")
    killed = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    killed.kill()
    killed.wait(timeout=20)
    trial.admin("POST", "release")

    second = trial.run("up", "sound", "--yes")
    assert second.code == 0, second
    assert made(trial) == MADE_ONCE
    converges(trial, "sound")


def test_a_run_whose_lock_was_taken_away_answers_eight(trial, holder):
    assert trial.run("state", "unlock", "sound", "--yes").code == 0
    second = trial.run("up", "sound", "--yes")
    assert second.code == 0, second

    before = trial.remembered()
    trial.admin("POST", "release")
    robbed = trial.finish(holder)
    assert robbed.code == 8, robbed
    assert trial.remembered() == before
    converges(trial, "sound")


def test_a_lock_that_cannot_be_understood_answers_four_until_it_is_taken_away(deployed):
    lock = deployed.state_file("sound").with_name("lock")
    for garbage in (b"", b"{", b'{"state": "held"}', b"\xff\xfe" * 500):
        lock.write_bytes(garbage)
        refused = deployed.run("up", "sound", "--yes")
        assert refused.code == 4, (garbage, refused)
        assert "strata state unlock" in refused.err
        assert lock.read_bytes() == garbage
        assert deployed.run("preview", "sound").code == 0

        assert deployed.run("state", "unlock", "sound", "--yes").code == 0
        assert deployed.run("up", "sound", "--yes").code == 0


def test_a_lease_of_no_length_is_a_mistake(trial):
    for text in ("0", "soon", "-5", "3601", "10s"):
        said = trial.run("up", "sound", "--yes", environment={"STRATA_LOCK_LEASE": text})
        assert (said.code, said.err) == (
            1,
            f'error: Unusable lease\n  STRATA_LOCK_LEASE is "{text}".\n  Give it a number of seconds, 1 to 3600, or leave it out.\n',
        )
    assert trial.changes() == []
