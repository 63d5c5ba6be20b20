"""Ctrl-C and SIGTERM at any time: the documented exit code, what was finished is said, state is saved, and the next run
goes on from there without making anything twice.

STRATA_INTERRUPTS says at how many moments of each run it is tried (default 6)."""

import collections
import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest
from trial import MISTAKEN, STRATA, Trial, carried_out

MOMENTS = int(os.environ.get("STRATA_INTERRUPTS", "6"))
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
# Calls take a while, so that some are in flight at every moment.
SLOWLY = "*:@mutating=delay:25"


def spread(total: int) -> list[tuple[int, signal.Signals]]:
    """Moments over a run of `total` calls, the first and the last among them; signals take turns."""
    counts = sorted({1 + round(i * (total - 1) / max(MOMENTS - 1, 1)) for i in range(MOMENTS)})
    return [(count, (signal.SIGINT, signal.SIGTERM)[i % 2]) for i, count in enumerate(counts)]


def made(trial: Trial) -> collections.Counter:
    """How often each kind of thing was made."""
    names = [f"{call['service']}:{call['operation']}" for call in trial.calls() if carried_out(call)]
    return collections.Counter(name for name in names if name.split(":")[1].startswith(("Create", "Allocate", "Register", "Put")))


def interrupted(trial: Trial, count: int, sign: signal.Signals, *arguments: str, program=STRATA):
    """Runs it, and sends the signal when `count` changes were answered."""
    before = len(trial.calls())
    process = trial.start(*arguments, program=program)
    trial.wait_until(
        lambda: process.poll() is not None or sum(call["mutating"] for call in trial.calls()[before:]) >= count
    )
    process.send_signal(sign)
    return trial.finish(process)


def check(said, sign: signal.Signals) -> None:
    """It said that it was interrupted, and how far it came; or it was done already."""
    if said.code == 0:
        return
    assert said.code == CODES[sign], said
    assert said.out.count("Interrupted: what is in flight is finished first. Interrupt again to stop now.\n") == 1, said
    summary = said.out.rstrip().splitlines()[-1]
    assert re.fullmatch(r"foundation: \d+ done, \d+ not begun in .* s, interrupted", summary), said
    assert said.err == "", said


@pytest.fixture(scope="module")
def whole_run(emulated, tmp_path_factory):
    """What an `up` of the foundation makes that nobody interrupts, and how many calls its `destroy` takes."""
    trial = Trial(tmp_path_factory.mktemp("whole"), emulated)
    trial.configure_our_stacks()
    assert trial.run("up", "foundation", "--yes", program=STRATA).code == 0
    ups = sum(call["mutating"] for call in trial.calls())
    things = made(trial)
    assert trial.run("destroy", "foundation", "--yes", program=STRATA).code == 0
    return {"made": things, "ups": ups, "destroys": sum(call["mutating"] for call in trial.calls()) - ups}


def test_up_can_be_interrupted_at_any_call(trial, whole_run, moment):
    for count, sign in spread(whole_run["ups"]):
        with moment(count) as fresh:
            fresh.faults(SLOWLY)
            first = interrupted(fresh, count, sign, "up", "foundation", "--yes")
            check(first, sign)
            fresh.faults()

            second = fresh.run("up", "foundation", "--yes", program=STRATA)
            changes = len(fresh.changes())
            third = fresh.run("up", "foundation", "--yes", program=STRATA)

            assert second.code == 0, (count, first, second)
            assert (third.code, third.out.split(":")[0]) == (0, "Nothing to do"), (count, third)
            assert len(fresh.changes()) == changes
            assert made(fresh) == whole_run["made"], count


def test_destroy_can_be_interrupted_at_any_call(trial, whole_run, moment):
    for count, sign in spread(whole_run["destroys"]):
        with moment(count) as fresh:
            assert fresh.run("up", "foundation", "--yes", program=STRATA).code == 0
            fresh.faults(SLOWLY)
            check(interrupted(fresh, count, sign, "destroy", "foundation", "--yes"), sign)
            fresh.faults()

            second = fresh.run("destroy", "foundation", "--yes", program=STRATA)

            assert second.code == 0, (count, second)
            assert fresh.state("foundation")["resources"] == []
            assert fresh.emulated.client("ec2").describe_vpcs(Filters=[{"Name": "tag:strata:stack", "Values": ["*"]}])["Vpcs"] == []
            assert fresh.emulated.client("iam").list_roles()["Roles"] == []


@pytest.fixture
def moment(trial, emulated, tmp_path):
    """For each moment a folder and an empty emulator of its own."""
    @contextlib.contextmanager
    def begin(count: int):
        folder = tmp_path / f"after-{count}"
        folder.mkdir()
        fresh = Trial(folder, emulated)
        fresh.configure_our_stacks()
        yield fresh
        fresh.end()

    return begin


# --- before anything is sent ---


def test_an_interrupt_before_the_first_call_changes_nothing(trial):
    trial.faults("sts:GetCallerIdentity=hang")
    process = trial.start("up", "sound", "--yes")
    trial.wait_for_held()

    process.send_signal(signal.SIGINT)
    said = trial.finish(process, timeout=5)

    assert (said.code, said.err) == (130, "error: Interrupted\n  Nothing was changed.\n")
    assert trial.changes() == []


def test_an_interrupt_while_live_resources_are_read_changes_nothing(trial):
    assert trial.run("up", "sound", "--yes").code == 0
    before = trial.remembered()
    trial.faults("sqs:@reading=hang")
    process = trial.start("destroy", "sound", "--yes")
    trial.wait_for_held()

    process.send_signal(signal.SIGTERM)
    said = trial.finish(process, timeout=5)

    assert (said.code, said.err) == (143, "error: Interrupted\n  Nothing was changed.\n")
    assert trial.remembered() == before


def test_a_program_that_does_not_end_is_stopped_by_the_second_interrupt(trial):
    process = trial.start("preview", "endless")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None

    process.send_signal(signal.SIGINT)
    said = trial.finish(process, timeout=5)

    assert (said.code, said.err) == (130, "error: Stopped\n  Nothing was changed.\n")


class Terminal:
    """A run of the small program on a terminal of its own."""

    def __init__(self, trial: Trial, *arguments: str):
        self.screen = ""
        self._side, other = pty.openpty()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", MISTAKEN, *arguments],
            cwd=trial.folder,
            env={**trial.environment({}), "TERM": "xterm-256color", "NO_COLOR": "1"},
            stdin=other,
            stdout=other,
            stderr=other,
        )
        os.close(other)

    def see(self, text: str, seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.screen:
            assert time.monotonic() < deadline, self.screen
            if not self._read():
                break
        assert text in self.screen, self.screen

    def press(self, keys: str) -> None:
        os.write(self._side, keys.encode())

    def end(self, seconds: float = 15) -> int:
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, self.screen
        os.close(self._side)
        return self.process.wait(timeout=seconds)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._side], [], [], 0.1)
        if not ready:
            return self.process.poll() is None
        try:
            self.screen += os.read(self._side, 65536).decode().replace("\r\n", "\n")
        except OSError:  # the other side is closed
            return False
        return True


QUESTION = "Carry this out for sound in local (123456789012 ca-central-1)? Type yes to go ahead: "


def test_control_c_at_the_prompt_changes_nothing(trial):
    terminal = Terminal(trial, "up", "sound")
    terminal.see(QUESTION)

    terminal.press("\x03")

    assert terminal.end() == 130
    assert terminal.screen.split(QUESTION)[1] == "^C\nerror: Interrupted\n  Nothing was changed.\n"
    assert trial.changes() == []


def test_an_answer_that_is_not_yes_declines(trial):
    terminal = Terminal(trial, "up", "sound")
    terminal.see(QUESTION)

    terminal.press("no\n")

    assert terminal.end() == 1
    assert terminal.screen.split(QUESTION)[1] == 'no\nerror: Declined\n  "no" is not "yes".\n  Nothing was changed.\n'
    assert trial.changes() == []


# --- the second interrupt ---


@pytest.mark.parametrize("held", ["pause", "pause-after"])
def test_the_second_interrupt_stops_at_once_and_the_next_run_finds_out(trial, held):
    trial.faults(f"sqs:CreateQueue#1={held}")
    process = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None, "the first one waits for what is in flight"

    process.send_signal(signal.SIGINT)
    said = trial.finish(process, timeout=5)
    trial.faults()
    trial.admin("POST", "release")
    second = trial.run("up", "sound", "--yes")
    third = trial.run("up", "sound", "--yes")

    assert said.code == 130, said
    assert "first  skipped: not seen to its end; the next run finds out and goes on" in said.out, said
    assert second.code == 0, second
    assert third.out.startswith("Nothing to do"), third
    assert collections.Counter(trial.changes())["sqs:CreateQueue"] == 2


# --- what is handed over ---


def interrupted_while_it_waits(trial: Trial, *arguments: str, program=MISTAKEN):
    """Interrupts a run that waits for what the service has accepted: the last change was answered a while ago."""
    process = trial.start(*arguments, program=program)
    trial.wait_until(lambda: bool(trial.changes()))
    seen = len(trial.changes())
    while True:
        time.sleep(1.5)
        if len(trial.changes()) == seen:
            break
        seen = len(trial.changes())
    process.send_signal(signal.SIGINT)
    return trial.finish(process)


def test_the_next_up_goes_on_waiting_for_what_is_still_being_created(trial):
    trial.faults("sqs:CreateQueue#1=notfound-for:9")
    first = interrupted_while_it_waits(trial, "up", "sound", "--yes")
    preview = trial.run("preview", "sound")
    second = trial.run("up", "sound", "--yes")
    third = trial.run("up", "sound", "--yes")

    assert first.code == 130, first
    assert "first  skipped: not seen to its end; the next run finds out and goes on" in first.out, first
    assert "still being created" in preview.out, preview
    assert second.code == 0, second
    assert re.search(r"i first  still being created: <endpoint>/\S+sound-first\n", second.out), second
    assert re.search(r"\+ first  created  <endpoint>/\S+sound-first  ", second.out), second
    assert third.out.startswith("Nothing to do"), third
    assert collections.Counter(trial.changes())["sqs:CreateQueue"] == 2


def test_a_nat_gateway_is_not_made_twice(trial, whole_run):
    trial.configure_our_stacks()
    trial.faults("ec2:CreateNatGateway=notfound-for:15")
    first = interrupted_while_it_waits(trial, "up", "foundation", "--yes", program=STRATA)
    second = trial.run("up", "foundation", "--yes", program=STRATA)
    third = trial.run("up", "foundation", "--yes", program=STRATA)

    assert first.code == 130, first
    assert second.code == 0, second
    assert "still being created: nat-" in second.out, second
    assert third.out.startswith("Nothing to do"), third
    assert made(trial) == whole_run["made"]
