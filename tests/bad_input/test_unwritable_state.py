"""Folders that cannot be written and disks that are full: nothing is sent that could not be remembered, nothing done is lost."""

import json
import os
import re

from outcome import converges, refused

ROOM = """  See that the place of the state can be written to and has room; "state" in the environment's configuration names it.
"""

KEEP = "Make the place of the state writable and run the same command again: what was made is found by its token, name or tags. "
KEEP += "Keep the file until that has succeeded."


def numberless(said: str) -> str:
    # It depends on the moment whether the file fails to be written, or to be given its name.
    said = said.replace("Cannot create file", "Cannot write file")
    return re.sub(r"-\d{8}T\d{6}Z\.json", "-TIME.json", re.sub(r"/\d+\.json", "/N.json", said))


# Root may write everywhere, unless it gives up its capabilities.
AS_ANYBODY = {"before": ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")} if os.geteuid() == 0 else {}


def test_a_folder_that_cannot_be_written_answers_six_and_nothing_is_sent(trial):
    trial.folder.chmod(0o500)

    said = refused(trial, 6, "up", "sound", "--yes", **AS_ANYBODY)
    preview = trial.run("preview", "sound", **AS_ANYBODY)
    trial.folder.chmod(0o700)

    assert said == """error: Cannot make folder
  .strata: Permission denied.
  Make the folder writable, or name another place for the key under "encryption" in the environment's configuration.
"""
    assert (preview.code, preview.err) == (0, "")


def test_a_state_folder_that_cannot_be_written_answers_six_and_nothing_is_sent(deployed):
    folder = deployed.state_file("sound").parent
    sqs = deployed.emulated.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="sound-first")["QueueUrl"])
    folder.chmod(0o500)
    (folder / "journal").chmod(0o500)

    said = refused(deployed, 6, "up", "sound", "--yes", **AS_ANYBODY)
    (folder / "journal").chmod(0o700)
    folder.chmod(0o700)

    assert numberless(said) == "error: Cannot write file\n  .strata/state/local/sound/lock: Permission denied.\n" + ROOM
    assert list(deployed.folder.glob("strata-recovery-*")) == []


def test_a_journal_that_cannot_be_written_any_more_leaves_a_recovery_file_and_loses_nothing(trial):
    trial.faults("sqs:CreateQueue#1=pause-after")
    run = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    journal = trial.state_file("sound").parent / "journal"
    journal.rename(journal.with_name("away"))
    journal.write_text("in the way")
    trial.admin("POST", "release")
    said = trial.finish(run)

    assert said.code == 6, said
    assert numberless(said.err) == f"""error: Cannot write file
  .strata/state/local/sound/journal/N.json: Not a directory.
{ROOM}warning: State is in a recovery file
  strata-recovery-local-sound-TIME.json holds what the state of sound should hold; secrets in it are sealed.
  {KEEP}
"""
    (recovery,) = trial.folder.glob("strata-recovery-local-sound-*.json")
    (unfinished,) = (step for step in json.loads(recovery.read_text())["open"] if step["address"] == "first")
    assert unfinished["cursor"]["id"] == f"{trial.emulated.endpoint}/123456789012/sound-first"

    journal.unlink()
    journal.with_name("away").rename(journal)
    assert converges(trial, "sound") == ["logs:CreateLogGroup", "sqs:CreateQueue", "sqs:CreateQueue", "ssm:PutParameter"]


def test_a_full_disk_answers_six_and_the_journal_keeps_what_was_done(trial):
    """The limit on the size of files lets pieces of the journal pass, one for each record, and not the whole state."""
    said = trial.run("up", "wide", "--yes", "--parallel", "1", before=("sh", "-c", 'ulimit -f 16; exec "$0" "$@"'))

    assert said.code == 6, said
    assert numberless(said.err) == f"""error: Cannot write file
  .strata/state/local/wide/snapshot.json: File too large.
{ROOM}warning: No recovery file can be written
  Neither the project's folder nor that for temporary files takes strata-recovery-local-wide-TIME.json.
  Make room and run the same command again: what was begun stands in the journal, and what was made is found by its token, name or tags.
"""
    assert converges(trial, "wide") == ["sqs:CreateQueue"] * 40
