"""What people change behind Strata's back (changes/): `drift` tells all of it, `up` takes back what is ours, `refresh` accepts it.

All changes are made at once, on a deployment of its own for each of the two ways, and are then judged one by one.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from account import Account, named
from changes import ALL
from changes.change import Change
from emulated_platform import Platform

OURS = [change for change in ALL if not change.foreign]
FOREIGN = [change for change in ALL if change.foreign]

# What else the program's things need once something that they use was made anew: the plan shows it, drift does not.
IN_CONSEQUENCE = {
    "network/private-routes-a": ["routes[0.0.0.0/0].nat_gateway_id"],
    "network/private-routes-b": ["routes[0.0.0.0/0].nat_gateway_id"],
    "orchestration/worker": ["task_definition"],
    "security/registry-alias": ["target_key_id"],
}


def events(output: str, kind: str) -> list[dict]:
    """The events of one kind that a command with --json wrote."""
    found = [json.loads(line) for line in output.splitlines()]
    return [event for event in found if event["event"] == kind]


def by_address(reports: list[dict]) -> dict[str, dict]:
    return {resource["address"]: resource for report in reports for resource in report["resources"]}


def calls_of(changes: list[Change]) -> dict[str, int]:
    return dict(sorted(Counter(call for change in changes for call in change.calls).items()))


@dataclass
class Story:
    """A deployment, what every place was like before and after it was changed from outside, and what commands said then."""

    platform: Platform
    account: Account
    before: dict[str, Any]
    changed: dict[str, Any]
    ids: dict[str, str]
    said: dict[str, Any] = field(default_factory=dict)

    def read(self) -> dict[str, Any]:
        return {change.about: change.read(self.account) for change in ALL}

    def paths(self, changes: list[dict]) -> list[str]:
        """What changed, with addresses for ids: ingress[tcp 22 22 {network/alb-group}]."""
        return sorted(named(change["path"], self.ids) for change in changes)


def changed_platform(folder) -> Story:
    """Deploys, looks at every place, changes it, and looks again."""
    platform = Platform(folder)
    secret = platform.run("config", "set", "settings.secrets.mongodb_connection", "a place of ours", "--secret")
    assert secret.returncode == 0, secret.stderr
    deployed = platform.run("up", "--all", "--yes")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    account = Account(platform.client)
    before = {change.about: change.read(account) for change in ALL}
    ids = account.names()
    for change in ALL:
        change.make(account)
    changed = {change.about: change.read(account) for change in ALL}
    return Story(platform, account, before, changed, ids)


@pytest.fixture(scope="module")
def reverted(tmp_path_factory):
    """drift, drift --full, up, and drift again."""
    story = changed_platform(tmp_path_factory.mktemp("reverted"))
    run = story.platform.run
    story.said["drift"] = run("drift", "--all", "--exit-code", "--json")
    story.said["full"] = run("drift", "--all", "--full", "--json")
    story.said["calls"], story.said["up"] = story.platform.mutating_calls_of("up", "--all", "--yes", "--json")
    story.said["after"] = story.read()
    story.said["second drift"] = run("drift", "--all", "--exit-code")
    story.said["second calls"], _ = story.platform.mutating_calls_of("up", "--all", "--yes")
    yield story
    story.platform.stop()


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """refresh, drift, preview, and up."""
    story = changed_platform(tmp_path_factory.mktemp("accepted"))
    run = story.platform.run
    story.said["refresh calls"], story.said["refresh"] = story.platform.mutating_calls_of("refresh", "--all", "--yes")
    story.said["refreshed"] = story.read()
    story.said["drift"] = run("drift", "--all", "--exit-code")
    story.said["preview"] = run("preview", "--all", "--exit-code", "--json")
    story.said["calls"], story.said["up"] = story.platform.mutating_calls_of("up", "--all", "--yes", "--json")
    story.said["after"] = story.read()
    story.said["second drift"] = run("drift", "--all", "--exit-code")
    yield story
    story.platform.stop()


def each(changes: list[Change]):
    return pytest.mark.parametrize("change", changes, ids=lambda change: f"{change.address}: {change.about}")


def test_there_are_more_than_forty_changes_and_each_has_a_name_of_its_own():
    assert len(OURS) >= 40
    assert len({change.about for change in ALL}) == len(ALL)


@each(ALL)
def test_every_change_really_happens(reverted, change):
    assert reverted.changed[change.about] != reverted.before[change.about]


@each(OURS)
def test_drift_names_what_changed(reverted, change):
    resource = by_address(events(reverted.said["drift"].stdout, "drift"))[change.address]

    assert resource["missing"] is change.gone
    if not change.gone:
        assert set(change.paths) <= set(reverted.paths(resource["changes"]))


def test_drift_names_nothing_else(reverted):
    resources = by_address(events(reverted.said["drift"].stdout, "drift"))
    named = {address: reverted.paths(r["changes"]) if not r["missing"] else [""] for address, r in resources.items()}
    wanted = {}
    for change in OURS:
        wanted.setdefault(change.address, []).extend(change.paths)

    assert named == {address: sorted(paths) for address, paths in wanted.items()}
    assert reverted.said["drift"].returncode == 2


@each([change for change in FOREIGN if change.path])
def test_drift_shows_what_is_not_ours_only_when_asked_for_everything(reverted, change):
    resources = by_address(events(reverted.said["full"].stdout, "drift"))

    assert change.path in [beside["path"] for beside in resources[change.address]["unmanaged"]]


def test_a_full_look_shows_nothing_else_beside_the_program(reverted):
    resources = by_address(events(reverted.said["full"].stdout, "drift"))
    shown = {address: reverted.paths(r["unmanaged"]) for address, r in resources.items() if r["unmanaged"]}
    wanted = {}
    for change in FOREIGN:
        if change.path:
            wanted.setdefault(change.address, []).append(change.path)

    assert shown == {address: sorted(paths) for address, paths in wanted.items()}


def test_up_needs_no_other_calls_than_those_that_take_the_changes_back(reverted):
    assert reverted.said["up"].returncode == 0, reverted.said["up"].stdout + reverted.said["up"].stderr
    assert dict(sorted(Counter(reverted.said["calls"]).items())) == calls_of(OURS)


@each(OURS)
def test_up_takes_back_what_is_ours(reverted, change):
    assert reverted.said["after"][change.about] == reverted.before[change.about]


@each(FOREIGN)
def test_up_leaves_alone_what_is_not_ours(reverted, change):
    assert reverted.said["after"][change.about] == reverted.changed[change.about]


def test_after_up_nothing_has_drifted_and_nothing_is_left_to_do(reverted):
    assert reverted.said["second drift"].returncode == 0, reverted.said["second drift"].stdout
    assert reverted.said["second calls"] == []


def test_refresh_changes_nothing_at_the_service(accepted):
    assert accepted.said["refresh"].returncode == 0, accepted.said["refresh"].stderr
    assert accepted.said["refresh calls"] == []
    assert accepted.said["refreshed"] == accepted.changed


def test_after_refresh_nothing_has_drifted(accepted):
    assert accepted.said["drift"].returncode == 0, accepted.said["drift"].stdout


@each(OURS)
def test_after_refresh_preview_shows_the_difference_as_ours(accepted, change):
    planned = by_address(events(accepted.said["preview"].stdout, "plan"))[change.address]

    assert planned["action"] == ("create" if change.gone else "update")
    assert not planned["drifted"]
    if not change.gone:
        assert set(change.paths) <= set(accepted.paths(planned["changes"]))
    assert {difference["origin"] for difference in planned["changes"]} <= {"yours"}


def test_after_refresh_preview_shows_nothing_else(accepted):
    planned = by_address(events(accepted.said["preview"].stdout, "plan"))
    shown = {a: accepted.paths(r["changes"]) for a, r in planned.items() if r["action"] not in ("keep", "create")}
    wanted = {address: list(paths) for address, paths in IN_CONSEQUENCE.items()}
    for change in OURS:
        if not change.gone:
            wanted.setdefault(change.address, []).extend(change.paths)

    assert shown == {address: sorted(paths) for address, paths in wanted.items()}
    assert accepted.said["preview"].returncode == 2


@each(OURS)
def test_after_refresh_up_makes_it_as_the_program_says(accepted, change):
    assert accepted.said["after"][change.about] == accepted.before[change.about]


@each(FOREIGN)
def test_neither_refresh_nor_up_touches_what_is_not_ours(accepted, change):
    assert accepted.said["after"][change.about] == accepted.changed[change.about]


def test_after_refresh_up_needs_the_same_calls_and_then_nothing_has_drifted(accepted):
    assert accepted.said["up"].returncode == 0, accepted.said["up"].stdout + accepted.said["up"].stderr
    assert dict(sorted(Counter(accepted.said["calls"]).items())) == calls_of(OURS)
    assert accepted.said["second drift"].returncode == 0, accepted.said["second drift"].stdout


def test_a_subnet_that_was_moved_to_another_route_table_comes_back(reverted):
    """Both tables mend their half at the same time, in any order."""
    ec2, account = reverted.account.ec2, reverted.account
    subnet, theirs = account.id("network/public-b"), account.id("network/private-routes-b")
    for _ in range(3):
        (table,) = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
        (association,) = [a for a in table["Associations"] if a.get("SubnetId") == subnet]
        ec2.replace_route_table_association(AssociationId=association["RouteTableAssociationId"], RouteTableId=theirs)

        up = reverted.platform.run("up", "foundation", "--yes")

        (back,) = ec2.describe_route_tables(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["RouteTables"]
        assert up.returncode == 0, up.stdout + up.stderr
        assert back["RouteTableId"] == account.id("network/public-routes")


def test_the_database_survives_that_its_key_is_scheduled_for_deletion(reverted):
    """The key might have to be made anew, and then the database too: so says the plan. It is taken back instead."""
    kms, key = reverted.account.kms, reverted.account.key("database")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    preview = reverted.platform.run("preview", "--all", "--json")
    calls, up = reverted.platform.mutating_calls_of("up", "--all", "--yes")

    database = by_address(events(preview.stdout, "plan"))["orchestration/database"]
    assert database["action"] == "replace" and database["only_if_changed"]
    assert up.returncode == 0, up.stdout + up.stderr
    assert sorted(calls) == [
        "kms:CancelKeyDeletion",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:TagResource",
    ]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    again, second = reverted.platform.mutating_calls_of("up", "--all", "--yes")
    assert again == [] and second.stdout.startswith("Nothing to do"), second.stdout


def test_a_deleted_secret_of_somebody_else_is_not_taken_over(reverted):
    secrets, name = reverted.account.secretsmanager, "/findata-local/fmp-api/api-key"
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name=name, Description="theirs")
    secrets.delete_secret(SecretId=name)

    up = reverted.platform.run("up", "foundation", "--yes")

    assert up.returncode == 3
    assert f"aws secretsmanager restore-secret --secret-id {name}" in up.stderr
    assert "DeletedDate" in secrets.describe_secret(SecretId=name)
