"""State that is damaged, of something else or sealed with another key: it is named, and not touched."""

import re

import pytest
from outcome import refused


def cut(content: bytes) -> bytes:
    """In the middle of a text that surely stands there."""
    return content[: content.index(b'"lineage"') + 4]


def unreadable(cause: str) -> str:
    return f"error: State cannot be read\n  file .strata/state/local/sound{cause}\n{RESTORE}"


RESTORE = """  Nothing was written. Restore it from a backup, or from the version history of its bucket; or go back to a state of before:
    strata state history
"""
TAMPERED = """error: State cannot be opened
  file .strata/state/local/sound, snapshot: the key is not the one it was written with, or it was changed.
  Nothing was written. Check the key that "encryption" in the environment's configuration names (STRATA_PASSPHRASE, a key file or a KMS key); if it is right, restore the file from a backup.
"""


STATE = {
    "cut": (cut, unreadable(", snapshot: line N, column N: invalid string: missing closing quote")),
    "empty": (lambda content: b"", unreadable(", snapshot: line N, column N: unexpected end of input")),
    "of bytes": (lambda content: bytes(reversed(range(256))), unreadable(", snapshot: line N, column N: invalid literal")),
    "no state": (lambda content: b"[]", TAMPERED),
    "newer": (
        lambda content: content.replace(b'"format": 2', b'"format": 7'),
        unreadable(", snapshot: it has format 7: a newer version of Strata wrote it."),
    ),
    "a number that is none": (lambda content: content.replace(b'"serial": ', b'"serial": 1'), TAMPERED),
    "without an id": (lambda content: content.replace(b'"id": "sound-apart"', b'"id": ""'), TAMPERED),
    "of another stack": (
        lambda content: content.replace(b'"stack": "sound"', b'"stack": "other"'),
        """error: State belongs to something else
  file .strata/state/local/sound, snapshot: it is of stack "other", not "sound".
  Nothing was written. Put back the right file, or name another folder under "state" in the environment's configuration.
""",
    ),
}


@pytest.mark.parametrize(("damage", "text"), STATE.values(), ids=STATE)
@pytest.mark.parametrize("command", ["up sound --yes", "state list"])
def test_damaged_state_answers_five_and_is_not_touched(deployed, damage, text, command):
    file = deployed.state_file("sound")
    damaged = damage(file.read_bytes())
    assert damaged != file.read_bytes()
    file.write_bytes(damaged)

    assert re.sub(r"(line|column) \d+", r"\1 N", refused(deployed, 5, *command.split())) == text


def test_damaged_state_of_a_stack_that_is_referred_to_answers_five(deployed):
    file = deployed.state_file("sound")
    file.write_bytes(cut(file.read_bytes()))

    assert re.sub(r"(line|column) \d+", r"\1 N", refused(deployed, 5, "preview", "user")) == STATE["cut"][1]


def test_a_damaged_journal_answers_five_and_is_not_touched(deployed):
    segment = deployed.state_file("sound").parent / "journal" / "000000000999.json"
    segment.write_text("{}")

    said = refused(deployed, 5, "up", "sound", "--yes")
    assert re.sub(r"segment \d+ is", "segment N is", said) == """error: State cannot be read
  file .strata/state/local/sound: journal segment N is missing.
""" + RESTORE


def test_state_that_another_key_sealed_answers_five(trial):
    assert trial.run("up", "secret", "--yes").code == 0
    (trial.folder / ".strata/key").write_text("a" * 64 + "\n")

    assert refused(trial, 5, "up", "secret", "--yes") == TAMPERED.replace("sound", "secret")


def test_a_missing_key_is_named_and_no_other_is_made(trial):
    assert trial.run("up", "secret", "--yes").code == 0
    (trial.folder / ".strata/key").unlink()

    assert refused(trial, 1, "up", "secret", "--yes") == """error: Key file is missing
  .strata/key is not there, and the environment's secrets are sealed with it.
  Bring the file back, or set the secrets again with `strata config set KEY --secret`.
"""
    assert not (trial.folder / ".strata/key").exists()
