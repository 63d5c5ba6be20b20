"""Every test runs on each server; one emulator for all, empty and without faults for each of them."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests/stacks", "tests/bad_input", "providers/aws/emulator")]
# What fails there is to show both sides, as in a test.
pytest.register_assert_rewrite("outcome")

from emulated import Emulated
from proxy import ProxyThatFails
from servers import Minio, Moto
from trial_in_s3 import TrialInS3


@pytest.fixture(scope="session")
def emulated(tmp_path_factory):
    made = Emulated(tmp_path_factory.mktemp("emulator"))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def minio(tmp_path_factory):
    if Minio.program() is None:
        pytest.skip("MinIO is not installed; `make servers` builds it")
    made = Minio(tmp_path_factory.mktemp("minio"))
    yield made
    made.stop()


@pytest.fixture(scope="session", params=["moto", "minio"])
def server(request, emulated):
    return Moto(emulated) if request.param == "moto" else request.getfixturevalue("minio")


def in_front_of(server, emulated, folder):
    proxy = ProxyThatFails(server.url)
    made = TrialInS3(folder, emulated, server, proxy)
    yield made
    made.end()
    proxy.go_away()


@pytest.fixture
def trial(server, emulated, tmp_path):
    """The small program in a folder of its own."""
    yield from in_front_of(server, emulated, tmp_path)


@pytest.fixture(params=["minio"])
def trial_on_minio(minio, emulated, tmp_path):
    yield from in_front_of(minio, emulated, tmp_path)


@pytest.fixture
def deployed(trial):
    """The stack `sound`, deployed."""
    said = trial.run("up", "sound", "--yes")
    assert said.code == 0, said
    return trial
