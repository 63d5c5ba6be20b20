"""A plan from state alone, where nobody answers."""

import contextlib
import socket

import pytest
from trial import STRATA, Trial


class Unanswered:
    """An endpoint that takes connections and never answers."""

    def __init__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def was_asked(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            self._listening.accept()
            return True
        return False

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def nobody():
    made = Unanswered()
    yield made
    made.close()


def move_to(trial: Trial, nobody: Unanswered) -> None:
    file = trial.folder / "config/local.yaml"
    file.write_text(file.read_text().replace(trial.emulated.endpoint, nobody.url))


def test_what_was_never_deployed_is_planned_without_a_call(trial, nobody):
    trial.configure_our_stacks()
    move_to(trial, nobody)

    said = trial.run("preview", "--all", "--offline", program=STRATA)

    assert said.code == 0, said
    assert "planned from state alone, nothing was read (--offline)" in said.out
    assert not nobody.was_asked()


def test_what_was_deployed_is_planned_without_a_call(trial, nobody):
    trial.configure_our_stacks()
    assert trial.run("up", "--all", "--yes", program=STRATA).code == 0
    move_to(trial, nobody)

    said = trial.run("preview", "--all", "--offline", "--exit-code", program=STRATA)

    assert said.code == 0, said
    assert not nobody.was_asked()
