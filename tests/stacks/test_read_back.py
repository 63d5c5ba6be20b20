"""After a first deployment an independent client reads back what the program asked for: every resource, property by property."""

import json

import pytest
from account import Account, named
from intent import ALL

# Wishes of ours alone, which no service shows: how to delete, how to change.
LOCAL = {"ApplyImmediately", "DeletionWindowInDays", "ForceDeleteWithoutRecovery", "ForceDestroy", "SkipFinalSnapshot"}
STACKS = ("foundation", "data-lake", "orchestration")


@pytest.fixture(scope="module")
def account(platform):
    """Of a deployment in which one of the secrets has a value."""
    secret = platform.run("config", "set", "settings.secrets.fmp_api_key", "a key of ours", "--secret")
    assert secret.returncode == 0, secret.stderr
    deployed = platform.run("up", "--all", "--yes")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    return Account(platform.client)


@pytest.fixture(scope="module")
def names(account):
    return account.names()


@pytest.fixture(scope="module")
def remembered(platform, account):
    """What state holds: the properties of every resource, by address. Only to see that nothing was left out here."""
    found = {}
    for stack in STACKS:
        state = json.loads(platform.run("state", "export", stack).stdout)
        for resource in state["resources"]:
            found[resource["address"]] = {name for facet in resource["facets"].values() for name in facet["properties"]}
    return found


def in_order(value):
    """Statements and rules as they come; lists of plain values and rules of groups in one order."""
    if isinstance(value, dict):
        return {key: in_order(inner) for key, inner in value.items()}
    if isinstance(value, list):
        inner = [in_order(item) for item in value]
        return sorted(inner) if all(isinstance(item, str) for item in inner) else inner
    return value


def test_every_deployed_resource_is_read_back(remembered):
    assert set(remembered) == set(ALL)


@pytest.mark.parametrize("address", ALL)
def test_every_property_is_read_back(remembered, address):
    assert remembered[address] - LOCAL <= set(ALL[address].properties)


@pytest.mark.parametrize("address", ALL)
def test_an_independent_client_reads_back_what_the_program_asked_for(account, names, address):
    wanted = ALL[address]

    assert in_order(named(wanted.read(account), names)) == in_order(wanted.properties)
