"""One emulator for all tests of this folder, empty and without faults for each of them."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "stacks"))

from emulated import Emulated
from trial import Trial


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
