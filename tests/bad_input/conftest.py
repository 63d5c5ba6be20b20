"""One emulator for all tests of this folder, empty and without faults for each of them."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "stacks"))
# What fails there is to show both sides, as in a test.
pytest.register_assert_rewrite("outcome")

from canaries import Canaries
from emulated import Emulated
from trial import Trial
from watch import Watch


@pytest.fixture(scope="session")
def emulated(tmp_path_factory):
    made = Emulated(tmp_path_factory.mktemp("emulator"))
    yield made
    made.stop()


@pytest.fixture
def trial(emulated, tmp_path):
    """The small program in a folder of its own."""
    made = Trial(tmp_path, emulated)
    yield made
    made.end()


@pytest.fixture
def deployed(trial):
    """The stack `sound`, deployed."""
    said = trial.run("up", "sound", "--yes")
    assert said.code == 0, said
    return trial


@pytest.fixture
def canaries():
    return Canaries()


@pytest.fixture
def watch(trial, canaries):
    """The program that takes secrets in, and all that comes out of it."""
    return Watch(trial, canaries)
