"""State is lost: it is rebuilt from what is in the account, and nothing that is live changes on the way."""

import json
import shutil

import pytest
from account import what_is_left


@pytest.fixture(scope="module")
def recovered(deployed):
    lose_state(deployed)
    changed, result = deployed.mutating_calls_of("state", "recover", "--all", "--yes")
    assert result.returncode == 0, result.stdout + result.stderr
    assert changed == []
    return result


def lose_state(platform):
    """The key stays: it is no part of state."""
    shutil.rmtree(platform.folder / ".strata/state")


def findings(platform, *arguments: str) -> tuple[dict[str, list[dict]], int]:
    """What `state recover` says that it did not take over, by its kind; and its exit code."""
    result = platform.run("state", "recover", *arguments, "--yes", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    found: dict[str, list[dict]] = {"missing": [], "unmatched": [], "undeclared": []}
    for event in events:
        if event["event"] == "recovery_finding":
            found[event["finding"]].append(event)
    return found, result.returncode


def rename(platform, before: str, after: str):
    """What stood in the state and account under one address has another's tag now: as if the program had renamed it."""
    ec2 = platform.client("ec2")
    wanted = [{"Name": "tag:strata:address", "Values": [before]}]
    (vpc,) = ec2.describe_vpcs(Filters=wanted)["Vpcs"]
    ec2.create_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "strata:address", "Value": after}])


def test_everything_is_found_again(recovered):
    assert "not there" not in recovered.stdout, recovered.stdout
    assert "not matched" not in recovered.stdout, recovered.stdout
    assert "declared no more" not in recovered.stdout, recovered.stdout


def test_preview_after_it_is_empty(recovered, deployed):
    result = deployed.run("preview", "--all", "--exit-code")

    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("Nothing to do"), result.stdout


def test_up_after_it_makes_no_mutating_call(recovered, deployed):
    changed, result = deployed.mutating_calls_of("up", "--all", "--yes")

    assert result.returncode == 0, result.stderr
    assert changed == []


def test_state_holds_what_it_held_before(recovered, deployed):
    assert deployed.run("drift", "--all", "--exit-code").returncode == 0
    outputs = json.loads(deployed.run("stack", "outputs", "foundation", "--json").stdout.splitlines()[0])
    assert outputs["event"] == "outputs"


def test_what_was_deleted_is_named_and_the_rest_is_found(recovered, deployed):
    deployed.client("cloudwatch").delete_alarms(AlarmNames=["findata-local-database-cpu"])
    lose_state(deployed)
    found, code = findings(deployed, "--all")

    assert code == 0
    assert [(row["stack"], row["address"]) for row in found["missing"]] == [("orchestration", "orchestration/database-cpu-alarm")]
    assert found["unmatched"] == [] and found["undeclared"] == []
    changed, result = deployed.mutating_calls_of("up", "--all", "--yes")
    assert result.returncode == 0 and changed == ["cloudwatch:PutMetricAlarm"], result.stdout


def test_what_was_renamed_is_named_on_both_sides(recovered, deployed):
    rename(deployed, "network/vpc", "net/vpc")
    lose_state(deployed)
    found, _ = findings(deployed, "--all")

    assert "network/vpc" in [row["address"] for row in found["missing"]]
    assert [row["address"] for row in found["undeclared"]] == ["net/vpc"]
    rename(deployed, "net/vpc", "network/vpc")
    lose_state(deployed)
    found, code = findings(deployed, "--all")
    assert code == 0 and found == {"missing": [], "unmatched": [], "undeclared": []}


def test_destroy_after_it_takes_everything_away(recovered, deployed):
    result = deployed.run("destroy", "--all", "--yes")

    assert result.returncode == 0, result.stdout + result.stderr
    assert what_is_left(deployed) == []
