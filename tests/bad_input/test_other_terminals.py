"""`cancel` and `attach` from another terminal: as Ctrl-C in the first one would, and the same lines as there."""

import collections
import json
import re
import signal

import pytest
from test_interrupt import QUESTION, Terminal

# The first queue takes so long that there is time to look; what comes after it needs it.
SLOWLY = "sqs:CreateQueue#1=delay:4000"


def lines_of(text: str) -> list[str]:
    """The lines of steps and of the end, without what is measured or asked for at different moments."""
    without_times = re.sub(r"\d+(\.\d)? s\b", "N s", text)
    step = r"  [+!] \S+  (created|FAILED)|  · "
    return [line for line in without_times.splitlines() if re.match(rf"{step}|sound: \d+ done|outputs of", line)]


def up_under_way(trial, *faults: str):
    """An `up` whose first call is held or slow, seen from elsewhere."""
    trial.faults(*faults)
    process = trial.start("up", "sound", "--yes")
    trial.wait_until(lambda: trial.folder.joinpath(".strata/state/local/sound/journal").is_dir())
    return process


def test_a_run_is_cancelled_from_elsewhere_as_by_control_c(trial):
    process = up_under_way(trial, SLOWLY)

    cancelled = trial.run("cancel", "sound")
    stopped = trial.finish(process)
    again = trial.run("up", "sound", "--yes")

    assert cancelled.code == 0, cancelled
    assert re.search(r'^sound: asked the run for "up" by tester@HOST \(process N\) since \S+ to stop when', cancelled.out), cancelled
    assert re.search(r"sound: the run has ended: update 1 interrupted, after .* s\.\n$", cancelled.out), cancelled
    assert stopped.code == 130, stopped
    assert re.search(r"  Cancelled by tester@\S+: what is in flight is finished first\.", stopped.out), stopped
    assert again.code == 0, again
    assert collections.Counter(trial.changes())["sqs:CreateQueue"] == 2


def test_cancel_now_does_not_wait_for_what_is_in_flight(trial):
    process = up_under_way(trial, "sqs:CreateQueue#1=pause")
    trial.wait_for_held()

    cancelled = trial.run("cancel", "sound", "--now")
    stopped = trial.finish(process, timeout=5)

    assert (cancelled.code, stopped.code) == (0, 130), (cancelled, stopped)
    assert "first  skipped: not seen to its end" in stopped.out, stopped
    trial.faults()
    trial.admin("POST", "release")
    assert trial.run("up", "sound", "--yes").code == 0


def test_a_run_that_waits_for_an_answer_can_be_cancelled(trial):
    terminal = Terminal(trial, "up", "sound")
    terminal.see(QUESTION)

    assert trial.run("cancel", "sound").out.endswith("sound: the run has ended; it had changed nothing.\n")

    assert terminal.end() == 130
    assert "Cancelled by tester@" in terminal.screen
    assert trial.changes() == []


def test_where_nobody_works_there_is_nothing_to_cancel_or_to_follow(trial):
    said = trial.run("cancel", "sound")
    assert (said.code, said.err) == (1, "error: Nothing to cancel\n  Nobody works on sound in local.\n")
    said = trial.run("attach", "sound")
    assert (said.code, said.out) == (0, "Nobody works on sound in local.\n")


def test_attach_shows_what_the_run_shows_and_answers_as_it_does(trial):
    process = up_under_way(trial, SLOWLY)
    attached = trial.start("attach", "sound")

    said, followed = trial.finish(process), trial.finish(attached)

    assert (said.code, followed.code) == (0, 0), (said, followed)
    assert followed.err == ""
    assert sorted(lines_of(followed.out)) == sorted(lines_of(said.out))


def test_attach_answers_three_where_a_step_fails(trial):
    process = up_under_way(trial, SLOWLY, "ssm:PutParameter=error:400:AccessDeniedException")
    attached = trial.start("attach", "sound")

    said, followed = trial.finish(process), trial.finish(attached)

    assert (said.code, followed.code) == (3, 3), (said, followed)
    assert followed.err == said.err


@pytest.mark.parametrize("json_too", [False, True])
def test_attach_follows_an_interrupted_run_to_its_end(trial, json_too):
    process = up_under_way(trial, SLOWLY)
    attached = trial.start("attach", "sound", *(["--json"] if json_too else []))
    trial.wait_until(lambda: trial.calls())
    process.send_signal(signal.SIGINT)

    said, followed = trial.finish(process), trial.finish(attached)

    assert (said.code, followed.code) == (130, 130), (said, followed)
    if json_too:
        events = [json.loads(line) for line in followed.out.splitlines()]
        assert [event["event"] for event in events[-2:]] == ["outcome", "end"], followed
        assert events[-2]["interrupted"] and events[-1]["exit_code"] == 130
        assert ("step", "started") in {(event["event"], event.get("state")) for event in events}
    else:
        assert followed.out.rstrip().endswith(", interrupted"), followed


def test_attach_says_that_a_killed_run_is_gone(trial):
    process = up_under_way(trial, "sqs:CreateQueue#1=pause")
    trial.wait_for_held()
    attached = trial.start("attach", "sound")
    trial.wait_until(lambda: True)
    process.kill()
    process.wait()

    followed = trial.finish(attached, timeout=20)

    assert followed.code == 9, followed
    assert followed.err.startswith("error: The run is gone\n"), followed
    assert followed.err.endswith("\n    strata up sound\n"), followed


def test_control_c_lets_go_of_the_run_and_the_run_goes_on(trial):
    process = up_under_way(trial, "sqs:CreateQueue#1=pause")
    trial.wait_for_held()
    terminal = Terminal(trial, "attach", "sound")
    terminal.see("first  creating")

    terminal.press("\x03")

    assert terminal.end() == 130
    assert "error: Detached\n  The run on sound goes on.\n  To stop it:\n    strata cancel sound\n" in terminal.screen
    trial.admin("POST", "release")
    assert trial.finish(process).code == 0


# --- state in a bucket ---


@pytest.fixture
def in_a_bucket(trial):
    """The state lies in a bucket of the emulator."""
    trial.emulated.client("s3").create_bucket(Bucket="strata-state", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    trial.configure(
        "local",
        f"""account: 123456789012
region: ca-central-1
endpoint: {trial.emulated.endpoint}
state: {{url: "s3://strata-state", region: ca-central-1, endpoint: "{trial.emulated.endpoint}"}}
encryption: {{key: file}}
""",
    )
    return trial


def test_a_run_whose_state_is_in_a_bucket_is_followed_and_cancelled_too(in_a_bucket):
    trial = in_a_bucket
    trial.faults("sqs:CreateQueue#1=delay:25000")
    process = trial.start("up", "sound", "--yes")
    trial.wait_for_call(1, lambda call: call["operation"] == "PutObject" and "journal" in call["path"])
    attached = trial.start("attach", "sound")

    cancelled = trial.run("cancel", "sound")
    stopped, followed = trial.finish(process), trial.finish(attached)

    assert cancelled.code == 0, cancelled
    assert (stopped.code, followed.code) == (130, 130), (stopped, followed)
    assert "Cancelled by tester@" in stopped.out, stopped
    left = trial.emulated.client("s3").list_objects_v2(Bucket="strata-state")["Contents"]
    assert [item["Key"] for item in left if item["Key"].endswith("/request")] == []
