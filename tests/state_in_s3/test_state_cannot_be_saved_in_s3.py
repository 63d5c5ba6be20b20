"""The place of the state goes away while a run works: what was done stands in a recovery file, and comes back from there."""

import re

from outcome import converges
from test_two_runs import MADE_ONCE

NO_MORE = "*:*=error:403:AccessDenied"


def recovery_of(trial):
    (file,) = trial.folder.glob("strata-recovery-local-sound-*.json")
    return file


def test_rights_that_are_taken_away_leave_a_recovery_file_that_can_be_restored(trial):
    trial.faults("sqs:CreateQueue#1=pause-after")
    run = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    trial.proxy.faults(NO_MORE)
    trial.admin("POST", "release")
    said = trial.finish(run)

    assert said.code == 6, said
    assert re.match(
        r"error: Not allowed\n  <state>/local/sound/journal/\d+\.json: s3 PutObject: ",
        said.err,
    ), said
    file = recovery_of(trial)
    assert f"warning: State is in a recovery file\n  {file.name} holds what the state of sound should hold" in said.err

    trial.proxy.faults()
    restored = trial.run("state", "restore", "sound", "--file", file.name, "--yes")
    assert restored.code == 0, restored
    assert converges(trial, "sound") == MADE_ONCE


def test_a_server_that_dies_during_a_run_leaves_a_recovery_file_that_can_be_restored(
    trial_on_minio,
):
    trial = trial_on_minio
    trial.faults("sqs:CreateQueue#1=pause-after")
    run = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    trial.server.kill()
    try:
        trial.admin("POST", "release")
        said = trial.finish(run, timeout=100)
    finally:
        trial.server.start()

    assert said.code == 6, said
    restored = trial.run("state", "restore", "sound", "--file", recovery_of(trial).name, "--yes")
    assert restored.code == 0, restored
    assert converges(trial, "sound") == MADE_ONCE


def test_the_next_up_finds_out_without_the_recovery_file_too(trial_on_minio):
    trial = trial_on_minio
    trial.faults("sqs:CreateQueue#1=pause-after")
    run = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    trial.proxy.faults(NO_MORE)
    trial.admin("POST", "release")
    assert trial.finish(run).code == 6

    trial.proxy.faults()
    assert converges(trial, "sound") == MADE_ONCE
