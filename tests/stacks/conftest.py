"""A deployment of our own three stacks, shared by the tests of this folder."""

import pytest
from emulated_platform import Platform


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    made = Platform(tmp_path_factory.mktemp("platform"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def deployed(platform):
    result = platform.run("up", "--all", "--yes")
    assert result.returncode == 0, result.stdout + result.stderr
    return platform
