"""What a stack goes through from its first `up` to its `destroy`, with its state in a bucket."""

import json
import re

from test_two_runs import MADE_ONCE
from trial import STRATA
from trial_in_s3 import IN_A_FOLDER

# Requests are paid for, and each takes its way there and back: as many as it takes today, and no more unnoticed.
MOST_FOR_NOTHING_TO_DO = 14
MOST_FOR_A_PREVIEW = 6


def only_reads(calls: list[str]) -> bool:
    return all(call.startswith(("GET ", "LIST ")) for call in calls)


def configure(trial, *changes: tuple[str, str]) -> None:
    trial.configure_our_stacks((IN_A_FOLDER, trial.state_line()), *changes)


def test_our_own_stack_is_deployed_changed_and_destroyed(trial):
    configure(trial)
    first = trial.run("up", "foundation", "--yes", program=STRATA)
    assert first.code == 0, first
    made = len(trial.changes())
    assert trial.state("foundation")["resources"] != []
    assert not (trial.folder / ".strata/state").exists()

    again, calls = trial.run_counted("up", "foundation", "--yes", program=STRATA)
    assert again.code == 0 and again.out.startswith("Nothing to do"), again
    assert len(trial.changes()) == made
    assert len(calls) <= MOST_FOR_NOTHING_TO_DO, calls

    configure(trial, ("      days: 7\n", "      days: 14\n"))
    before = trial.objects()
    preview, calls = trial.run_counted("preview", "foundation", "--exit-code", program=STRATA)
    assert preview.code == 2, preview
    assert only_reads(calls) and len(calls) <= MOST_FOR_A_PREVIEW, calls
    assert trial.objects() == before

    changed = trial.run("up", "foundation", "--yes", program=STRATA)
    assert changed.code == 0, changed
    assert trial.changes()[made:] == ["logs:PutRetentionPolicy"]

    gone = trial.run("destroy", "foundation", "--yes", program=STRATA)
    assert gone.code == 0, gone
    assert trial.state("foundation")["resources"] == []
    assert trial.emulated.client("iam").list_roles()["Roles"] == []
    assert trial.run("state", "list", program=STRATA).out == "Nothing is deployed in local.\n"


def test_commands_that_look_write_nothing(deployed):
    before = deployed.objects()
    assert all(name.startswith("teams/data/local/sound/") for name in before)
    for command in (
        "preview sound",
        "drift sound",
        "state list",
        "state history sound",
        "state check",
        "state show first",
        "stack outputs sound",
    ):
        said, calls = deployed.run_counted(*command.split())
        assert said.code == 0, said
        assert only_reads(calls), (command, calls)
    assert deployed.objects() == before
    assert deployed.run("state", "check").out == "The state of 1 stack is sound.\n"


def updates(trial) -> list[tuple[int, str, str]]:
    said = trial.run("state", "history", "sound", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    return [(row["number"], row["verb"], row["result"]) for row in rows if row["event"] == "update"]


def test_a_state_of_before_is_listed_restored_and_rolled_back_to(deployed):
    assert deployed.run("state", "rm", "apart").code == 0
    assert deployed.addresses("sound") == ["first", "last", "second"]

    restored = deployed.run("state", "restore", "sound", "1", "--yes")
    assert restored.code == 0, restored
    assert deployed.addresses("sound") == ["apart", "first", "last", "second"]

    assert deployed.run("destroy", "sound", "--yes").code == 0
    assert updates(deployed)[0][1:] == ("destroy", "succeeded")
    back = deployed.run("rollback", str(updates(deployed)[0][0]), "--stack", "sound", "--yes")
    assert back.code == 0, back
    assert sorted(change for change in deployed.changes() if change in MADE_ONCE) == sorted(2 * MADE_ONCE)
    assert deployed.run("state", "check").out == "The state of 1 stack is sound.\n"
    assert deployed.run("up", "sound", "--yes").out.startswith("Nothing to do")


def test_a_saved_plan_is_refused_once_the_state_in_the_bucket_has_moved(deployed):
    assert deployed.run("preview", "sound", "--replace", "apart", "--save-plan", "review.plan").code == 0
    assert deployed.run("up", "--plan", "review.plan").code == 0
    before = deployed.remembered()

    said = deployed.run("up", "--plan", "review.plan")

    assert said.code == 8, said
    assert re.search(r"review.plan: sound: the state's serial was \d+ and is now \d+\.", said.err), said
    assert deployed.remembered() == before
